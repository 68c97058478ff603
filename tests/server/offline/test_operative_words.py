"""A long task with one instruction more, of whatever verb: never the same cell.

The verbs are what people write to each other about tables, and many that nobody does. No list of the
analyst was made from them.
"""

import random

import pytest

from autoanalyst_ext.offline.analyst import Planned, understand

from .tables import PROFILES
from .tasks import TASKS, task

VERBS = """
    abbreviate absorb accelerate accumulate adjust aggregate align alter alternate amplify anchor
    annualize anonymize append approximate arrange assign attach augment backfill backtest balance batch
    bias binarize bisect blend blur boost bound bracket broaden bump calibrate cap carve censor centre
    chain change chunk coerce collapse compact compensate complement compress concatenate condense
    conflate constrain contrast convolve copy correct crop cross cut damp dampen decay decimate
    decompose decrease deduct deduplicate deflate demean deprecate desaturate detrend deviate
    dichotomize difference differentiate diff dilute diminish discount discretize disregard distort
    double downsample downscale dummy duplicate echo elevate embed emphasize enlarge enrich equalize
    erase erode escalate even exaggerate exchange expand explode exponentiate extend extrapolate factor
    factorize fade fatten flag flatten flip fluctuate force fragment freeze fuse fuzz gate graft half
    halve harmonize hash heighten hide hollow homogenize horizontalize imagine impose inflate inject
    insert integrate interleave interpolate interlace intersect invert isolate iterate jackknife jitter
    jumble kern knock label lag lengthen level lighten link log loosen lower magnify mask melt merge
    migrate mimic mirror mix moderate modulate morph multiply mutate mute narrow negate neutralize
    nullify obscure offset omit oscillate outweigh overlap overlay overrule override overweight pad
    partition patch penalize permute perturb pivot prepend prioritize proportion prorate prune pull
    punish purge push quantize quarter raise randomize ration reapportion rearrange rebalance rebase
    recalibrate reciprocate recode rectify redact redistribute reduce reflect refine reformat regress
    regularize reindex reinstate relabel relax remap renormalize repair repeat replicate rescale reseed
    reset reshape reshuffle reorder restrict reverse revise reweight rotate sanitize saturate scatter
    scramble segment seasonalize segregate sharpen shift shorten shrink shuffle sift skim slice smooth
    smoothen soften span sparsify spike splice split spread square squash squeeze stack stagger
    standardize stem stratify stretch strip substitute subset supersede supplement suppress swap
    symmetrize tabulate taper telescope thin thicken threshold tighten tilt toggle transfer translate
    transpose triple trim truncate tweak twist unbias uncap undersample undo unify unpivot unskew
    unstack update upsample upscale upweight vectorize vary void wait warp weigh weight whiten widen
    winsorize wrap yoke zap zero zip zoom
    """.split()  # noqa: SIM905 a list of hundreds of words
OBJECTS = (
    "the values", "the rows", "the data", "{column}", "the largest values", "each group", "the columns",
    "them", "it",
)  # fmt: skip
FORMS = (
    "{Verb} {object}.",
    "Please {verb} {object} first.",
    "{Verb} {object} before the calculation.",
    "Then {verb} {object}.",
    "You should {verb} {object} too.",
    "It is necessary to {verb} {object}.",
    "Use the data after {verbing} {object}.",
    "Compute it by {verbing} {object}.",
    "Report the result and {verb} {object}.",
    "{Object} must be {verbed}.",
    "Use the {verbed} values.",
    "The {verbed} figure is what we need.",
)  # fmt: skip


def inflected(verb: str) -> tuple[str, str]:
    """The participles, by the usual rules of spelling."""
    if verb.endswith("e"):
        return verb[:-1] + "ing", verb + "d"
    if verb.endswith("y") and verb[-2] not in "aeiou":
        return verb + "ing", verb[:-1] + "ied"
    vowels = [letter in "aeiou" for letter in verb]
    short = sum(vowels) == 1 and vowels[-2] and verb[-1] not in "wxy"
    return (verb + verb[-1] + "ing", verb + verb[-1] + "ed") if short else (verb + "ing", verb + "ed")


def sentence(verb: str, chance: random.Random, column: str) -> str:
    """An instruction with the verb."""
    verbing, verbed = inflected(verb)
    thing = chance.choice(OBJECTS).format(column=f'"{column}"')
    words = {"verb": verb, "Verb": verb.capitalize(), "verbing": verbing, "verbed": verbed}
    return chance.choice(FORMS).format(object=thing, Object=thing[0].upper() + thing[1:], **words)


@pytest.mark.parametrize("verb", VERBS)
def test_no_instruction_is_passed_over(verb: str) -> None:
    chance = random.Random(verb)
    for table, question, constraints, format_ in TASKS:
        plain = understand(task(question, constraints, format_), [PROFILES[table]])
        assert isinstance(plain, Planned)
        column = chance.choice(PROFILES[table].columns).name
        for _ in range(3):
            added = sentence(verb, chance, column)
            more = understand(task(question, f"{constraints} {added}", format_), [PROFILES[table]])
            if isinstance(more, Planned):
                assert more.code != plain.code, f"{question} + {added}"
