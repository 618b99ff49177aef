"""Read grades as files have them: "6th", "Grade 6", "Two", "KF", "PK3", "Sexto grado"."""

from __future__ import annotations

import re
import unicodedata

_EARLY = {
    "pk",
    "prek",
    "prekindergarten",
    "preschool",
    "ps",
    "ee",
    "ece",
    "tk",
    "jk",
    "transitionalkindergarten",
}
_EARLY |= {"preescolar", "prekinder", "p", "pre"}
_KINDER = {
    "k",
    "kg",
    "kn",
    "kf",
    "kh",
    "ka",
    "kp",
    "kk",
    "kindergarten",
    "kinder",
    "jardin",
    "r",
    "reception",
}
_KINDER |= {"kindergartenfullday", "kindergartenhalfday", "fulldaykindergarten", "halfdaykindergarten"}
_WORDS = [
    "one first uno primero primer primera",
    "two second dos segundo segunda",
    "three third tres tercero tercer tercera",
    "four fourth cuatro cuarto cuarta",
    "five fifth cinco quinto quinta",
    "six sixth seis sexto sexta",
    "seven seventh siete septimo septima",
    "eight eighth ocho octavo octava",
    "nine ninth nueve noveno novena freshman",
    "ten tenth diez decimo decima sophomore",
    "eleven eleventh once undecimo junior",
    "twelve twelfth doce duodecimo senior",
]
_NAMED = {word: grade for grade, words in enumerate(_WORDS, start=1) for word in words.split()}
_AROUND = re.compile(r"\b(?:grade|grado|gr|grd|year|level|lvl|nivel|class|student)\b")
_NUMBER = re.compile(r"0*(\d{1,2})(?:\.0+)?\s*(?:st|nd|rd|th|º|°|ª|o|a|er|ro|do|to|vo|no|mo)?")


def read_grade(text: str) -> int | None:
    """Parse a grade: -1 before kindergarten, 0 kindergarten, 1 to 12; None if it is none."""
    if text.strip().startswith("-"):
        return -1 if text.strip().removesuffix(".0") in ("-1", "-2") else None
    plain = "".join(
        mark for mark in unicodedata.normalize("NFD", text.casefold()) if not unicodedata.combining(mark)
    )
    plain = " ".join(_AROUND.sub(" ", re.sub(r"[^\w.º°ª]+|_|\.(?!\d)|(?<!\d)\.", " ", plain)).split())
    if found := _NUMBER.fullmatch(plain):
        number = int(found[1])
        return number if number <= 12 else None
    word = re.sub(r"[\s.]", "", plain)
    if word in _NAMED:
        return _NAMED[word]
    if word in _KINDER:
        return 0
    return -1 if re.sub(r"[0-9]+(?:s|half|full)?$", "", word) in _EARLY else None
