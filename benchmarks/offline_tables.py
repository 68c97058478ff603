"""Twelve invented tables that the phrasings are asked about: what people have before them, drawn by chance.

Names are written as different people write them, some values are missing, some are tied. No figure of them
is anybody's. The same tables come of every call.
"""

from collections.abc import Callable

import numpy as np
import pandas as pd
from numpy.random import Generator

SEED = 20260


def tables() -> dict[str, pd.DataFrame]:
    """All of them, by the name of their variable."""
    return {make.__name__: make(np.random.default_rng(SEED + at)) for at, make in enumerate(_MAKERS)}


def shop(chance: Generator) -> pd.DataFrame:
    """Orders of a shop for sports goods."""
    rows = 240
    quantity = chance.integers(1, 9, rows)
    price = chance.choice([4.99, 9.5, 12.0, 19.99, 35.0, 79.9, 120.0], rows)
    return pd.DataFrame(
        {
            "order_id": np.arange(50_001, 50_001 + rows),
            "order_date": pd.to_datetime("2023-01-03")
            + pd.to_timedelta(np.sort(chance.integers(0, 720, rows)), "D"),
            "customer": chance.choice([f"Customer {n:02}" for n in range(1, 41)], rows),
            "city": chance.choice(["Berlin", "Hamburg", "Munich", "Cologne", "Vienna"], rows),
            "category": chance.choice(["Shoes", "Balls", "Bikes", "Tents", "Skis"], rows),
            "quantity": quantity,
            "unit_price": price,
            "total": (quantity * price).round(2),
            "discount_pct": np.where(chance.random(rows) < 0.15, np.nan, chance.choice([0, 5, 10, 20], rows)),
            "payment_method": chance.choice(
                ["card", "paypal", "invoice", "cash"], rows, p=[0.5, 0.3, 0.15, 0.05]
            ),
            "returned": chance.random(rows) < 0.12,
        }
    )


def staff(chance: Generator) -> pd.DataFrame:
    """The people of a company."""
    rows = 150
    years = chance.integers(0, 26, rows)
    hired = pd.to_datetime("2025-06-30") - pd.to_timedelta(years * 365 + chance.integers(0, 300, rows), "D")
    return pd.DataFrame(
        {
            "EmployeeID": np.arange(1, rows + 1),
            "LastName": chance.choice(
                ["Meyer", "Okafor", "Silva", "Novak", "Tanaka", "Dubois", "Larsen"], rows
            ),
            "Department": chance.choice(["Sales", "Engineering", "HR", "Finance", "Support"], rows),
            "JobTitle": chance.choice(["Analyst", "Manager", "Assistant", "Specialist"], rows),
            "Salary": (30_000 + years * 1_500 + chance.normal(12_000, 8_000, rows)).round(-1).astype(int),
            "HireDate": hired,
            "Age": 22 + years + chance.integers(0, 18, rows),
            "Gender": chance.choice(["female", "male"], rows),
            "RemoteWork": chance.choice(["Yes", "No"], rows),
            "YearsAtCompany": years,
            "PerformanceRating": np.where(chance.random(rows) < 0.1, np.nan, chance.integers(1, 6, rows)),
        }
    )


def weather(chance: Generator) -> pd.DataFrame:
    """Two years of three stations, a row a day and station."""
    days = pd.date_range("2022-01-01", "2023-12-31", freq="D").repeat(3)
    rows = len(days)
    season = -np.cos(2 * np.pi * days.day_of_year.to_numpy() / 365.25)
    high = (13 + 11 * season + chance.normal(0, 3, rows)).round(1)
    rain = np.where(chance.random(rows) < 0.45, chance.exponential(5, rows), 0).round(1)
    return pd.DataFrame(
        {
            "date": days,
            "station": np.tile(["Harbour", "Airport", "Hilltop"], rows // 3),
            "temp_max_c": high,
            "temp_min_c": (high - chance.uniform(4, 12, rows)).round(1),
            "rainfall_mm": rain,
            "wind_kmh": np.where(chance.random(rows) < 0.03, np.nan, chance.gamma(4, 5, rows).round(1)),
            "humidity": chance.integers(35, 100, rows),
            "condition": np.where(
                rain > 8, "storm", np.where(rain > 0, "rain", chance.choice(["sun", "cloud"], rows))
            ),
        }
    )


def students(chance: Generator) -> pd.DataFrame:
    """Scores of pupils, with gaps."""
    rows = 180
    hours = chance.gamma(3, 2, rows).round(1)
    maths = np.clip(45 + 4 * hours + chance.normal(0, 10, rows), 0, 100).round()
    return pd.DataFrame(
        {
            "Student ID": [f"S{n:04}" for n in range(1, rows + 1)],
            "Gender": chance.choice(["girl", "boy"], rows),
            "Grade Level": chance.integers(8, 13, rows),
            "School": chance.choice(["North High", "South High", "Lakeside"], rows),
            "Math Score": maths,
            "Reading Score": np.where(
                chance.random(rows) < 0.08, np.nan, chance.normal(68, 12, rows).round()
            ),
            "Science Score": np.clip(maths + chance.normal(2, 9, rows), 0, 100).round(),
            "Study Hours": hours,
            "Lunch": chance.choice(["free", "paid"], rows),
            "Absences": chance.poisson(4, rows),
            "Passed": np.where(maths >= 60, "yes", "no"),
        }
    )


def hospital(chance: Generator) -> pd.DataFrame:
    """Stays in a hospital."""
    rows = 200
    days = chance.integers(1, 22, rows)
    admitted = pd.to_datetime("2024-01-01") + pd.to_timedelta(chance.integers(0, 366, rows), "D")
    return pd.DataFrame(
        {
            "patient_id": np.arange(9_000, 9_000 + rows),
            "age": chance.integers(1, 96, rows),
            "sex": chance.choice(["F", "M"], rows),
            "ward": chance.choice(["Cardiology", "Surgery", "Oncology", "Pediatrics"], rows),
            "diagnosis": chance.choice(["fracture", "infection", "tumor", "heart failure", "asthma"], rows),
            "admission_date": admitted,
            "length_of_stay": days,
            "cost_usd": (days * chance.uniform(400, 900, rows)).round(2),
            "bmi": np.where(chance.random(rows) < 0.12, np.nan, chance.normal(26, 4, rows).round(1)),
            "systolic_bp": chance.normal(128, 15, rows).round().astype(int),
            "insurance": chance.choice(["public", "private", "none"], rows, p=[0.6, 0.3, 0.1]),
            "readmitted": chance.integers(0, 2, rows),
        }
    )


def weblog(chance: Generator) -> pd.DataFrame:
    """Requests to a web site."""
    rows = 400
    status = chance.choice([200, 301, 404, 500], rows, p=[0.8, 0.05, 0.1, 0.05])
    return pd.DataFrame(
        {
            "timestamp": pd.to_datetime("2025-03-03")
            + pd.to_timedelta(np.sort(chance.integers(0, 7 * 86_400, rows)), "s"),
            "ip": [
                f"10.0.{a}.{b}"
                for a, b in zip(chance.integers(0, 4, rows), chance.integers(1, 30, rows), strict=True)
            ],
            "method": chance.choice(["GET", "POST", "DELETE"], rows, p=[0.8, 0.15, 0.05]),
            "path": chance.choice(["/", "/login", "/cart", "/search", "/api/items", "/help"], rows),
            "status": status,
            "bytes_sent": chance.integers(200, 90_000, rows),
            "response_ms": chance.lognormal(4.5, 0.8, rows).round(1),
            "browser": chance.choice(["Firefox", "Chrome", "Safari", "Edge"], rows, p=[0.2, 0.5, 0.2, 0.1]),
            "country": chance.choice(["DE", "FR", "US", "BR", "JP"], rows),
        }
    )


def flats(chance: Generator) -> pd.DataFrame:
    """Flats to let."""
    rows = 160
    area = chance.normal(72, 24, rows).clip(18, 190).round(1)
    return pd.DataFrame(
        {
            "district": chance.choice(["Old Town", "Riverside", "Westend", "Hillside"], rows),
            "rooms": np.clip((area / 27).round(), 1, 6).astype(int),
            "sqm": area,
            "rent_eur": (area * chance.normal(13, 2.2, rows)).round(0),
            "floor": chance.integers(0, 9, rows),
            "year_built": chance.integers(1890, 2024, rows),
            "has_balcony": chance.choice(["yes", "no"], rows),
            "pets_allowed": chance.choice([True, False], rows),
            "energy_class": chance.choice(list("ABCDE"), rows),
            "dist_metro_m": np.where(chance.random(rows) < 0.07, np.nan, chance.integers(50, 2_500, rows)),
            "heating": chance.choice(["gas", "district heating", "heat pump", "oil"], rows),
        }
    )


def sensors(chance: Generator) -> pd.DataFrame:
    """Readings of machines, every quarter of an hour."""
    rows = 360
    warm = chance.normal(71, 6, rows).round(2)
    warm[::60] += 40
    return pd.DataFrame(
        {
            "ts": pd.date_range("2025-05-01", periods=rows, freq="15min"),
            "machine": chance.choice(["M1", "M2", "M3", "M4"], rows),
            "temperature": warm,
            "vibration_mm_s": (0.03 * warm + chance.normal(0, 0.4, rows)).round(3),
            "pressure_bar": np.where(
                chance.random(rows) < 0.05, np.nan, chance.normal(6, 0.5, rows).round(2)
            ),
            "rpm": chance.integers(900, 3_000, rows),
            "state": chance.choice(["ok", "warning", "fault"], rows, p=[0.85, 0.1, 0.05]),
            "shift": chance.choice(["early", "late", "night"], rows),
            "operator": chance.choice(["Ana", "Ben", "Chris", "Dora", "Eli"], rows),
        }
    )


def loans(chance: Generator) -> pd.DataFrame:
    """Books that a library lent."""
    rows = 210
    days = chance.integers(1, 60, rows)
    lent = pd.to_datetime("2024-02-01") + pd.to_timedelta(chance.integers(0, 500, rows), "D")
    return pd.DataFrame(
        {
            "LoanId": np.arange(1, rows + 1),
            "Title": chance.choice(["Dune", "Emma", "Ulysses", "Beloved", "Persuasion", "Middlemarch"], rows),
            "Genre": chance.choice(["novel", "science fiction", "poetry", "history"], rows),
            "Branch": chance.choice(["Central", "Eastside", "Lakeview"], rows),
            "BorrowerAge": chance.integers(6, 90, rows),
            "LoanDate": lent,
            "DaysKept": days,
            "Overdue": days > 28,
            "FineEUR": np.where(days > 28, (days - 28) * 0.2, 0).round(2),
            "Rating": np.where(chance.random(rows) < 0.2, np.nan, chance.integers(1, 6, rows)),
        }
    )


def players(chance: Generator) -> pd.DataFrame:
    """Football players of a league."""
    rows = 120
    goals = chance.poisson(5, rows)
    return pd.DataFrame(
        {
            "player": [f"Player {n:03}" for n in range(1, rows + 1)],
            "club": chance.choice(["Rovers", "United", "Albion", "Wanderers", "City"], rows),
            "position": chance.choice(["goalkeeper", "defender", "midfielder", "forward"], rows),
            "nationality": chance.choice(["England", "Brazil", "Spain", "Ghana"], rows),
            "age": chance.integers(17, 38, rows),
            "height_cm": chance.normal(182, 7, rows).round().astype(int),
            "weight_kg": chance.normal(77, 7, rows).round(1),
            "goals": goals,
            "assists": chance.poisson(3, rows),
            "minutes_played": chance.integers(90, 3_400, rows),
            "market_value_m": (chance.gamma(2, 6, rows) + goals).round(1),
            "injured": chance.choice(["yes", "no"], rows, p=[0.15, 0.85]),
            "foot": np.where(
                chance.random(rows) < 0.1, None, chance.choice(["left", "right"], rows, p=[0.3, 0.7])
            ),
        }
    )


def bakery(chance: Generator) -> pd.DataFrame:
    """What a bakery sold, a row a day and product."""
    days = pd.date_range("2024-01-01", "2024-06-30", freq="D").repeat(4)
    rows = len(days)
    sold = chance.poisson(40, rows)
    return pd.DataFrame(
        {
            "Date": days,
            "Product": np.tile(["Rye bread", "Croissant", "Pretzel", "Cheesecake"], rows // 4),
            "Units Sold": sold,
            "Units Wasted": chance.poisson(4, rows),
            "Revenue": (sold * np.tile([3.8, 1.6, 1.1, 4.2], rows // 4)).round(2),
            "Weather": chance.choice(["sunny", "rainy", "snowy"], rows, p=[0.5, 0.4, 0.1]),
            "Holiday": days.isin(pd.to_datetime(["2024-01-01", "2024-03-29", "2024-05-01"])),
        }
    )


def homes(chance: Generator) -> pd.DataFrame:
    """What homes use of electricity and gas."""
    rows = 140
    people = chance.integers(1, 7, rows)
    return pd.DataFrame(
        {
            "Household": [f"H-{n}" for n in range(100, 100 + rows)],
            "Town": chance.choice(["Ashford", "Brookhaven", "Crestwood"], rows),
            "People": people,
            "Electricity kWh": (900 + people * 650 + chance.normal(0, 300, rows)).round(0),
            "Gas kWh": np.where(
                chance.random(rows) < 0.15, np.nan, chance.normal(9_000, 2_000, rows).round(0)
            ),
            "Solar": chance.choice(["yes", "no"], rows, p=[0.3, 0.7]),
            "Heating Type": chance.choice(["gas", "heat pump", "wood"], rows),
            "Insulation": chance.choice(["poor", "average", "good"], rows),
            "Annual Bill": (300 + people * 180 + chance.normal(0, 90, rows)).round(2),
            "Smart Meter": chance.choice([True, False], rows),
        }
    )


_MAKERS: tuple[Callable[[Generator], pd.DataFrame], ...] = (
    shop, staff, weather, students, hospital, weblog, flats, sensors, loans, players, bakery, homes
)  # fmt: skip
