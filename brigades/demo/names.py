"""Made-up people's names and the made-up organisation's sections; nobody in here is real."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """A national section of the demo: where it is and how its people are called."""

    slug: str
    name: str
    country: str
    zone: str
    locale: str
    languages: tuple[str, ...]  # the first is everybody's mother tongue
    given: tuple[str, ...]
    family: tuple[str, ...]
    looks_for: tuple[str, ...]
    about: str
    recruits: bool = True
    phone: str = ""  # a national number with four digits left out


PLACES = (
    Place(
        "germany",
        "Germany",
        "DE",
        "Europe/Berlin",
        "de",
        ("de", "en"),
        ("Lena", "Jonas", "Mira", "Felix", "Klara", "Emil", "Jule", "Anton", "Frieda", "Till"),
        ("Brandt", "Köhler", "Vogt", "Seidel", "Arslan", "Winter", "Lorenz", "Nowak", "Roth"),
        ("construction", "medical", "interpreting"),
        "We train masons and first-aiders and send two brigades a year.",
        phone="+49 1512 345",
    ),
    Place(
        "jordan",
        "Jordan",
        "JO",
        "Asia/Amman",
        "ar",
        ("ar", "en"),
        ("ليلى", "كريم", "أمينة", "سامر", "نادية", "يوسف", "هالة", "عمر", "رنا", "زيد"),
        ("حداد", "صالح", "الخطيب", "نصار", "العطار", "قاسم", "منصور", "عيسى", "درويش"),
        ("interpreting", "medical", "youth"),
        "We receive the brigades of others, and interpret for them.",
        phone="+962 7 9012",
    ),
    Place(
        "egypt",
        "Egypt",
        "EG",
        "Africa/Cairo",
        "ar",
        ("ar", "en"),
        ("مريم", "طارق", "سلمى", "حسن", "دينا", "مصطفى", "فريدة", "خالد"),
        ("فؤاد", "شاهين", "البدري", "رشدي", "حلمي", "سليمان", "غانم"),
        ("medical", "interpreting"),
        "Nurses, pharmacists and interpreters from Cairo and Alexandria.",
        phone="+20 100 123",
    ),
    Place(
        "kenya",
        "Kenya",
        "KE",
        "Africa/Nairobi",
        "en",
        ("sw", "en"),
        ("Wanjiru", "Otieno", "Amani", "Njeri", "Barasa", "Zawadi", "Kiprop", "Akinyi"),
        ("Kamau", "Odhiambo", "Mwangi", "Wekesa", "Chebet", "Mutua", "Njoroge"),
        ("construction", "youth"),
        "Carpenters and youth workers; the largest section.",
        phone="+254 712 34",
    ),
    Place(
        "portugal",
        "Portugal",
        "PT",
        "Europe/Lisbon",
        "en",
        ("pt", "en"),
        ("Inês", "Tomás", "Beatriz", "Rui", "Marta", "Duarte", "Leonor", "Nuno"),
        ("Duarte", "Oliveira", "Reis", "Carvalho", "Teixeira", "Matos"),
        ("construction", "medical"),
        "Builders from the north, nurses from Lisbon.",
        phone="+351 912 34",
    ),
    Place(
        "chile",
        "Chile",
        "CL",
        "America/Santiago",
        "en",
        ("es", "en"),
        ("Rosa", "Matías", "Sofía", "Joaquín", "Antonia", "Benjamín", "Catalina"),
        ("Fuentes", "Marín", "Rojas", "Sepúlveda", "Araya", "Tapia"),
        ("construction", "medical", "youth"),
        "People who have rebuilt after earthquakes, and teach how.",
        phone="+56 9 6123",
    ),
    Place(
        "canada",
        "Canada",
        "CA",
        "America/St_Johns",
        "en",
        ("en", "fr"),
        ("Nikhil", "Claire", "Jonah", "Yuki", "Maeve", "Arjun", "Noor"),
        ("Rao", "Tremblay", "Lindqvist", "Tanaka", "Sinclair", "Benali"),
        ("medical", "youth"),
        "A small section with many doctors.",
        phone="+1 709 555",
    ),
    Place(
        "lord-howe",
        "Lord Howe Island",
        "AU",
        "Australia/Lord_Howe",
        "en",
        ("en",),
        ("Ruby", "Callum", "Isla", "Darcy", "Tess"),
        ("Whitlock", "Marsh", "Penrose", "Hale"),
        ("construction",),
        "The smallest section, where the clocks change by half an hour.",
        recruits=False,
        phone="+61 491 57",
    ),
)

TRADES = {
    "construction": ("bricklaying", "carpentry", "concrete", "plumbing", "electrics", "labouring"),
    "medical": ("nursing", "general-practice", "paramedic", "pharmacy", "midwifery"),
    "youth": ("child-care", "sports-coaching", "social-work", "primary-teaching"),
    "interpreting": ("interpreting",),
}
