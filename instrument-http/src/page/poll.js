// The endpoint, asked again and again while somebody looks.

/** A server that has not answered by then is taken to be gone. */
const PATIENCE_MS = 15_000;

/** A page of metrics that is longer is not read: to read it every few seconds would be a load of its own. */
const MAX_BYTES = 64 * 1024 * 1024;

/** How long to wait at most before a server that is gone is tried again. */
const MAX_WAIT_MS = 30_000;

class Poll {
    intervalMs = 2_000;
    isPaused = false;
    #address;
    #listener;
    #token = undefined;
    #timer = undefined;
    #isAsking = false;
    #failures = 0;

    /** `listener` has `onPage(text, seconds)` and `onTrouble({ kind, .. })`. */
    constructor(address, listener) {
        this.#address = address;
        this.#listener = listener;
        document.addEventListener("visibilitychange", () => this.#schedule(0));
    }

    /** A bearer token, which is kept in memory alone. */
    set token(token) {
        this.#token = token;
        this.now();
    }

    pause(isPaused) {
        this.isPaused = isPaused;
        this.#schedule(0);
    }

    now() {
        this.#failures = 0;
        this.#schedule(0);
    }

    #schedule(waitMs) {
        clearTimeout(this.#timer);
        if (!this.isPaused && !document.hidden) this.#timer = setTimeout(() => this.#ask(), waitMs);
    }

    async #ask() {
        if (this.#isAsking) return;
        this.#isAsking = true;
        const begun = performance.now();
        const { page, failure } = await this.#read();
        this.#isAsking = false;
        this.#failures = failure ? this.#failures + 1 : 0;
        if (page) this.#listener.onPage(page.text, page.seconds);
        const tookMs = performance.now() - begun;
        if (failure?.isFinal) return this.#listener.onTrouble(failure);
        const waitMs = Math.min(this.intervalMs * 2 ** Math.max(this.#failures - 1, 0), Math.max(MAX_WAIT_MS, this.intervalMs));
        // Where it takes long to answer and to compute, no more than a quarter of the time goes there.
        const left = Math.max(waitMs - tookMs, 3 * tookMs, 0);
        if (failure) this.#listener.onTrouble({ ...failure, waitMs: left });
        this.#schedule(left);
    }

    /** One page, or what went wrong; that is final if it will not change by itself. */
    async #read() {
        try {
            const headers = { Accept: "text/plain; version=0.0.4" };
            if (this.#token !== undefined) headers.Authorization = `Bearer ${this.#token}`;
            const signal = AbortSignal.timeout(PATIENCE_MS);
            const response = await fetch(this.#address, { headers, signal, cache: "no-store", credentials: "same-origin" });
            const seconds = performance.now() / 1000;
            if (!response.ok) return { failure: this.#refused(response) };
            const text = await textOfBody(response);
            return text === undefined ? { failure: { kind: "large", isFinal: true } } : { page: { text, seconds } };
        } catch (error) {
            const isLate = error.name === "TimeoutError";
            return { failure: { kind: "gone", reason: isLate ? "It took longer than 15 s." : "It cannot be reached." } };
        }
    }

    #refused({ status, headers }) {
        if (status === 401) {
            const takesToken = /bearer/i.test(headers.get("WWW-Authenticate") ?? "");
            return { kind: "credentials", takesToken, isWrong: this.#token !== undefined, isFinal: true };
        }
        if (status === 403) return { kind: "forbidden", isFinal: true };
        return { kind: "gone", reason: `It answers with the status ${status}.` };
    }
}

/** The text of an answer, nothing if it is too long. */
async function textOfBody(response) {
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    const texts = [];
    for (let length = 0; length <= MAX_BYTES; ) {
        const { done, value } = await reader.read();
        if (done) return texts.join("");
        texts.push(value);
        length += value.length;
    }
    await reader.cancel();
    return undefined;
}
