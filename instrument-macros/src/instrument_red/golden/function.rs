#[instrument_red]
pub fn parse(text: &str) -> Result<u32, ParseIntError> {
    let number = text.parse()?;
    Ok(number)
}
