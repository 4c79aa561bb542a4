-- wrk stops in the middle of its requests: what is under way is answered, but not in its report. With this script it
-- begins no request in its last seconds. Arguments: those seconds, and the seconds of the whole run.

local a_day = 24 * 60 * 60 * 1000 -- milliseconds
local last

function init(arguments)
   last = os.time() + tonumber(arguments[2]) - tonumber(arguments[1])
end

-- Called before each request: how many milliseconds to wait with it.
function delay()
   return os.time() < last and 0 or a_day
end
