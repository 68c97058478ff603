"""Small tables for the tests: four kinds of names, a frame with gaps, and one with awkward names."""

import pandas as pd

from .profiling import profile

CITIES = ["Lagos", "Lima", "Oslo", "Lagos", "Oslo", "Lima", "Lagos", "Lima", "Oslo", "Lagos", "Lima", "Oslo"]

FLATS = pd.DataFrame(
    {
        "rent": [900, 1200, 700, 1500, 1200, 650, 800, 2000, 1100, 950, 1250, 700],
        "floorspace": [50, 70, 40, 95, 70, 35, 45, 120, 60, 52, 75, 41],
        "bedrooms": [1, 2, 1, 3, 2, 1, 1, 4, 2, 1, 2, 1],
        "city": CITIES,
        "heatingtype": ["gas", "heat-pump", "gas", "oil"] * 3,
        "hasbalcony": ["yes", "no", "no", "yes", "yes", "no"] * 2,
    }
)
ORDERS = pd.DataFrame(
    {
        "OrderId": range(1, 13),
        "UnitPrice": [2.5, 3.0, 10.0, 7.25, 2.5, 99.9, 1.0, 4.0, 4.0, 12.0, 3.3, 8.0],
        "Qty": [1, 2, 3, 4, 5, 6, 1, 2, 3, 4, 5, 6],
        "ShippingMethod": ["air", "sea", "road"] * 4,
        "OrderDate": pd.date_range("2024-01-01", periods=12, freq="D"),
        "Express": [True, False, False] * 4,
    }
)
PATIENTS = pd.DataFrame(
    {
        "patient age": [34, 61, 47, 25, 70, 52, 38, 44, 29, 66],
        "Weight (kg)": [70.5, 82.0, None, 60.2, 77.7, None, 90.1, 68.0, 55.5, 81.2],
        "blood_group": ["A", "B", "AB", "0", "A", "A", "B", "0", "A", None],
        "smoker": [0, 1, 0, 0, 1, 0, 1, 0, 0, 1],
        "home_clinic": ["north wing", "south wing"] * 5,
        "family_clinic": ["East", "West"] * 5,
    }
)
ODD = pd.DataFrame(
    {
        'he said "hi"': [1.5, 2.5, 3.5, 4.5],
        "it's": [4, 3, 2, 1],
        "größe": [10, 20, 30, 40],
        "class": ["x", "y", "x", "y"],
        "line\nbreak": [1, 2, 3, 4],
        2020: [5, 6, 7, 8],
        "{braces}": [0.1, 0.2, 0.3, 0.4],
    }
)

FRAMES = {"flats": FLATS, "orders": ORDERS, "patients": PATIENTS, "odd": ODD}
PROFILES = {name: profile(name, frame) for name, frame in FRAMES.items()}
