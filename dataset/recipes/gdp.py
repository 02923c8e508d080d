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
    taiwan = 757e9
    rows.append(
        observation(
            region="TWN",
            period="2023",
            field="gdp",
            value=f"{taiwan:.0f}",
            unit="USD",
            basis="none",
            status="assumed",
            low="740000000000",
            high="775000000000",
            source="derisk-assumptions",
            locator="GDP of Taiwan 2023",
            note="the World Bank prints no figure; recalled from national accounts, about 757 bn USD",
        )
    )
    write_observations("economy", "gdp", rows)


if __name__ == "__main__":
    main()
