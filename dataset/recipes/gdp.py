"""Gross domestic product of every country, from the World Bank's series in current US dollars."""

from __future__ import annotations

from row_table import PUBLISHER_FILES, observation, read_table, write_observations

GDP_FILE = PUBLISHER_FILES / "trade" / "gdp_countries" / "worldbank_gdp_current_usd_1960_2023.csv"
COUNTRY_FILE = PUBLISHER_FILES / "trade" / "gdp_countries" / "country-codes.csv"
YEARS = tuple(str(year) for year in range(2008, 2024))
LAST_YEAR = {"CUB": "2018", "ERI": "2009", "MNP": "2018", "VEN": "2012"}
"""Countries that stopped reporting. A network takes each country's newest figure: with the one or two later years, the
balanced base year and every number printed from it would move. They enter when the base year is balanced anew."""
EU27 = (
    "AUT",
    "BEL",
    "BGR",
    "CYP",
    "CZE",
    "DEU",
    "DNK",
    "ESP",
    "EST",
    "FIN",
    "FRA",
    "GRC",
    "HRV",
    "HUN",
    "IRL",
    "ITA",
    "LTU",
    "LUX",
    "LVA",
    "MLT",
    "NLD",
    "POL",
    "PRT",
    "ROU",
    "SVK",
    "SVN",
    "SWE",
)
KOSOVO = "XKX"
UNPRINTED = {
    "TWN": ("Taiwan", 757e9, 740e9, 775e9, "recalled from national accounts, about 757 bn USD"),
    "PRK": ("North Korea", 25e9, 15e9, 32e9, "recalled estimates lie between 16 bn USD (United Nations) and 31 bn (Bank of Korea at market rates)"),
}  # fmt: skip
"""Countries without a figure that a network needs: name, GDP of 2023, low, high [USD], why."""


def countries() -> set[str]:
    """ISO3 codes of countries, without the Bank's aggregates."""
    return {line["ISO3166-1-Alpha-3"] for line in read_table(COUNTRY_FILE) if line["ISO3166-1-Alpha-3"]} | {KOSOVO}


def gdp_usd(year: str) -> dict[str, float]:
    """GDP by code [current USD], aggregates included."""
    return {line["Country Code"]: float(line["Value"]) for line in read_table(GDP_FILE) if line["Year"] == year}


def main() -> None:
    """Write observations/economy/gdp.csv."""
    known, rows = countries(), []
    for year in YEARS:
        for country, value in sorted(gdp_usd(year).items()):
            if (country in known or country == "WLD") and year <= LAST_YEAR.get(country, year):
                rows.append(
                    observation(
                        region=country,
                        period=year,
                        field="gdp",
                        value=f"{value:.0f}",
                        unit="USD",
                        basis="none",
                        status="reported",
                        source="world-bank-gdp",
                        locator=f"NY.GDP.MKTP.CD, {country}, {year}",
                    )
                )
    rows += [
        observation(
            region=country,
            period="2023",
            field="gdp",
            value=f"{value:.0f}",
            unit="USD",
            basis="none",
            status="assumed",
            low=f"{low:.0f}",
            high=f"{high:.0f}",
            source="derisk-assumptions",
            locator=f"GDP of {name} 2023",
            note=f"the World Bank prints no figure; {why}",
        )
        for country, (name, value, low, high, why) in UNPRINTED.items()
    ]
    write_observations("economy", "gdp", rows)


if __name__ == "__main__":
    main()
