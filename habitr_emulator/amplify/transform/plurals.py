"""English plurals as the npm package ``pluralize`` 8 makes them, for the names of list operations.

https://www.npmjs.com/package/pluralize (the rules are tried from the last to the first).
"""

import re
from functools import cache

_IRREGULAR_PAIRS = """
i:we me:us he:they she:they them:them myself:ourselves yourself:yourselves itself:themselves herself:themselves
himself:themselves themself:themselves is:are was:were has:have this:these that:those echo:echoes dingo:dingoes
volcano:volcanoes tornado:tornadoes torpedo:torpedoes genus:genera viscus:viscera stigma:stigmata stoma:stomata
dogma:dogmata lemma:lemmata schema:schemata anathema:anathemata ox:oxen axe:axes die:dice yes:yeses foot:feet
eave:eaves goose:geese tooth:teeth quiz:quizzes human:humans proof:proofs carve:carves valve:valves looey:looies
thief:thieves groove:grooves pickaxe:pickaxes passerby:passersby
"""
_IRREGULAR = dict(pair.split(":") for pair in _IRREGULAR_PAIRS.split())
_PLURALS = frozenset(_IRREGULAR.values())

_UNCOUNTABLE_WORDS = """
adulthood advice agenda aid aircraft alcohol ammo analytics anime athletics audio bison blood bream buffalo butter
carp cash chassis chess clothing cod commerce cooperation corps debris diabetes digestion elk energy equipment
excretion expertise firmware flounder fun gallows garbage graffiti hardware headquarters health herpes highjinks
homework housework information jeans justice kudos labour literature machinery mackerel mail media mews moose music
mud manga news only personnel pike plankton pliers police pollution premises rain research rice salmon scissors
series sewage shambles shrimp software species staff swine tennis traffic transportation trout tuna wealth welfare
whiting wildebeest wildlife you
"""
_UNCOUNTABLE = frozenset(_UNCOUNTABLE_WORDS.split())

_LATIN_US = "alumn|syllab|vir|radi|nucle|fung|cact|stimul|termin|bacill|foc|uter|loc|strat"
_LATIN_UM = (
    "agend|addend|millenni|dat|extrem|bacteri|desiderat|strat|candelabr|errat|ov|symposi|curricul|automat|quor"
)
_GREEK_ON = "apheli|hyperbat|periheli|asyndet|noumen|phenomen|criteri|organ|prolegomen|hedr|automat"

_RULES = tuple(
    (re.compile(pattern, re.IGNORECASE), replacement)
    for pattern, replacement in reversed(
        (
            (r"s?$", "s"),
            (r"[^\u0000-\u007F]$", r"\g<0>"),
            (r"([^aeiou]ese)$", r"\1"),
            (r"(ax|test)is$", r"\1es"),
            (r"(alias|[^aou]us|t[lm]as|gas|ris)$", r"\1es"),
            (r"(e[mn]u)s?$", r"\1s"),
            (r"([^l]ias|[aeiou]las|[ejzr]as|[iu]am)$", r"\1"),
            (rf"({_LATIN_US})(?:us|i)$", r"\1i"),
            (r"(alumn|alg|vertebr)(?:a|ae)$", r"\1ae"),
            (r"(seraph|cherub)(?:im)?$", r"\1im"),
            (r"(her|at|gr)o$", r"\1oes"),
            (rf"({_LATIN_UM})(?:a|um)$", r"\1a"),
            (rf"({_GREEK_ON})(?:a|on)$", r"\1a"),
            (r"sis$", "ses"),
            (r"(?:(kni|wi|li)fe|(ar|l|ea|eo|oa|hoo)f)$", r"\1\2ves"),
            (r"([^aeiouy]|qu)y$", r"\1ies"),
            (r"([^ch][ieo][ln])ey$", r"\1ies"),
            (r"(x|ch|ss|sh|zz)$", r"\1es"),
            (r"(matr|cod|mur|sil|vert|ind|append)(?:ix|ex)$", r"\1ices"),
            (r"\b((?:tit)?m|l)(?:ice|ouse)$", r"\1ice"),
            (r"(pe)(?:rson|ople)$", r"\1ople"),
            (r"(child)(?:ren)?$", r"\1ren"),
            (r"eaux$", r"\g<0>"),
            (r"m[ae]n$", "men"),
            (r"^thou$", "you"),
            (r"pok[eé]mon$", r"\g<0>"),
            (r"[^aeiou]ese$", r"\g<0>"),
            (r"deer$", r"\g<0>"),
            (r"fish$", r"\g<0>"),
            (r"measles$", r"\g<0>"),
            (r"o[iu]s$", r"\g<0>"),
            (r"pox$", r"\g<0>"),
            (r"sheep$", r"\g<0>"),
        )
    )
)


@cache
def pluralize(word: str) -> str:
    """``UserHasAddress`` -> ``UserHasAddresses``; a name that is plural already stays."""
    token = word.lower()
    if token in _PLURALS:
        return _cased_like(word, token)
    if token in _IRREGULAR:
        return _cased_like(word, _IRREGULAR[token])
    if not token or token in _UNCOUNTABLE:
        return word
    for pattern, replacement in _RULES:
        match = pattern.search(word)
        if match:
            return word[: match.start()] + _replaced(word, match, replacement) + word[match.end() :]
    return word


def _replaced(word: str, match: re.Match[str], replacement: str) -> str:
    new = match.expand(replacement)
    found = match.group() or word[match.start() - 1]
    return _cased_like(found, new)


def _cased_like(model: str, text: str) -> str:
    """``text`` in the letter case of ``model``: as it is, all capitals, or capitalised."""
    if model == text:
        return text
    if model == model.lower():
        return text.lower()
    if model == model.upper():
        return text.upper()
    if model[0] == model[0].upper():
        return text[0].upper() + text[1:].lower()
    return text.lower()
