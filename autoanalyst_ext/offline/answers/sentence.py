"""A plan as one plain sentence: what the user reads before anything runs."""

from ..plan import Plan, Rank, Report, Share, Table
from .finding_text import finding_text
from .phrases import condition_text, listed, printable, quoted
from .report_text import report_text
from .step_text import step_text


def sentence(plan: Plan) -> str:
    """The whole plan: what, where, by which groups, which of them, after which steps."""
    parts = [_ask_text(plan)]
    if plan.where is not None:
        parts[0] += (
            f" {'of the rows ' if isinstance(plan.ask, Share) else ''}where {condition_text(plan.where)}"
        )
    if plan.by:
        parts.append(f"by {listed([quoted(column) for column in plan.by])}")
    if plan.rank is not None:
        parts.append(_rank_text(plan.rank))
    if plan.decimals is not None:
        parts.append(rounded_text(plan.decimals))
    if plan.steps and not isinstance(plan.ask, Table):
        parts.append(f"after these steps: {'; '.join(map(step_text, plan.steps))}")
    if plan.subject:
        parts.append(f"each row taken as one {printable(plan.subject)}")
    return ", ".join(parts)


def rounded_text(decimals: int) -> str:
    """`rounded to 2 decimals`."""
    if decimals == 0:
        return "rounded to whole numbers"
    return f"rounded to {decimals} decimal{'s' if decimals > 1 else ''}"


def lead_text(plan: Plan) -> str:
    """The sentence as the beginning of an answer, which says by itself what was done before."""
    text = bare_text(plan)
    return text[0].upper() + text[1:]


def bare_text(plan: Plan) -> str:
    """The sentence without the steps and the assumption, which a note of the answer says."""
    return sentence(plan.model_copy(update={"steps": (), "subject": None}))


def where_text(plan: Plan) -> str:
    """The condition as the end of a clause; empty where there is none."""
    return f" where {condition_text(plan.where)}" if plan.where is not None else ""


def _rank_text(rank: Rank) -> str:
    end = "largest" if rank.largest else "smallest"
    if rank.count is None:
        return f"{end} first"
    return f"the {end} only" if rank.count == 1 else f"the {rank.count} {end}"


def _ask_text(plan: Plan) -> str:
    match plan.ask:
        case Report():
            return report_text(plan.ask)
        case Table():
            return "; ".join(map(step_text, plan.steps)) or f"the table `{plan.table}`"
        case _:
            return finding_text(plan.ask, plan.table, alone=plan.where is None)
