"""Aggregations over the documents that a query found. https://opensearch.org/docs/latest/aggregations/"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Any

from habitr_emulator.services.opensearch.errors import IllegalArgumentException, ParsingException
from habitr_emulator.services.opensearch.query import Query
from habitr_emulator.services.opensearch.values import Source, values

Found = Sequence[tuple[int, Source]]
_BUCKETS = 10


def aggregate(query: Query, wanted: Mapping[str, Any], found: Found) -> dict[str, Any]:
    """Every aggregation by its name; ``filter`` narrows the documents of those inside it."""
    return {name: _one(query, given, found) for name, given in wanted.items()}


def _one(query: Query, given: Mapping[str, Any], found: Found) -> dict[str, Any]:
    inside = given.get("aggs") or given.get("aggregations")
    if "filter" in given:
        test = query.test(given["filter"])
        kept = [(number, source) for number, source in found if test(number, source)]
        return {"doc_count": len(kept), **(aggregate(query, inside, kept) if inside else {})}
    kind, rule = next(iter(given.items()))
    listed = [values(source, rule["field"]) for _, source in found]
    if kind == "terms":
        return _terms(listed, int(rule.get("size", _BUCKETS)))
    return {"value": _metric(kind, rule["field"], [value for each in listed for value in each])}


def _terms(listed: Sequence[Sequence[Any]], size: int) -> dict[str, Any]:
    """A bucket for each value, the fullest first."""
    counts = Counter(value for each in listed for value in set(each))
    ordered = sorted(counts.items(), key=lambda pair: (-pair[1], str(pair[0])))
    buckets = [{"key": int(key) if isinstance(key, bool) else key, "doc_count": count} for key, count in ordered]
    others = sum(bucket["doc_count"] for bucket in buckets[size:])
    return {"doc_count_error_upper_bound": 0, "sum_other_doc_count": others, "buckets": buckets[:size]}


def _metric(kind: str, field: str, found: list[Any]) -> float | None:
    if kind == "cardinality":
        return float(len(set(found)))
    if any(isinstance(value, str) for value in found):
        raise IllegalArgumentException(
            f"Field [{field}] of type [keyword] is not supported for aggregation [{kind}]"
        )
    numbers = [float(value) for value in found]
    match kind:
        case "sum":
            return float(sum(numbers))
        case "avg":
            return sum(numbers) / len(numbers) if numbers else None
        case "min":
            return min(numbers, default=None)
        case "max":
            return max(numbers, default=None)
    raise ParsingException(f"Unknown aggregation type [{kind}]")
