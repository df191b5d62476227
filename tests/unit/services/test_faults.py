"""Which calls a fault is meant for, and how often it strikes."""

import pytest

from habitr_emulator.kernel.errors import AwsError
from habitr_emulator.services.context import Context
from habitr_emulator.services.fault_names import NoSuchName
from habitr_emulator.services.faults import MOST, Dropped, Fault, Faults


@pytest.mark.parametrize(
    ("service", "operation", "meant"),
    [
        ("", "", True),
        ("dynamodb", "", True),
        ("DynamoDB", "put_item", True),
        ("dynamodb", "PutItem", True),
        ("dynamodb", "GetItem", False),
        ("s3", "PutItem", False),
        ("", "put-item", True),
    ],
)
def test_names_are_taken_in_any_spelling(service: str, operation: str, meant: bool) -> None:
    assert Fault("error", service, operation).meant("dynamodb", {"putitem"}) is meant


@pytest.mark.parametrize(
    ("service", "operation"),
    [
        ("", "anything"),
        ("dynamodb", "put_item"),
        ("DynamoDB", "PutItem"),
        ("lambda", "Invoke"),
        ("cognito-idp", "InitiateAuth"),
        ("cognito_idp", "token"),
        ("appsync", "listHabits"),
        ("apigateway", "orders"),
        ("s3", ""),
    ],
)
def test_what_there_is_can_be_struck(service: str, operation: str) -> None:
    faults = Faults()
    faults.add(Fault("error", service, operation))
    assert len(faults.rules) == 1


@pytest.mark.parametrize(
    ("service", "operation", "told"),
    [
        ("dynamo", "PutItem", "there is no service dynamo; there are: apigateway, appsync, cognito-identity, "),
        ("dynamodb", "PutIte", "dynamodb has no operation PutIte; did you mean PutItem?"),
        ("cognito-idp", "initiate_aut", "cognito-idp has no operation initiate_aut; did you mean InitiateAuth?"),
        ("s3", "xyzzy", "s3 has no operation xyzzy"),
    ],
)
def test_a_fault_that_could_never_strike_is_refused(service: str, operation: str, told: str) -> None:
    faults = Faults()
    with pytest.raises(NoSuchName) as refused:
        faults.add(Fault("error", service, operation))
    assert str(refused.value).startswith(told)
    assert faults.rules == []


def test_a_count_runs_out_and_chance_is_the_same_for_the_same_number() -> None:
    twice = Fault("error", count=2)
    assert [twice.strikes() for _ in range(4)] == [True, True, False, False]
    assert (twice.count, twice.struck) == (0, 2)
    throws = [[Fault("error", probability=0.5, rng=7).strikes() for _ in range(1)] for _ in range(2)]
    assert throws[0] == throws[1]
    first, second = Fault("error", probability=0.3, rng=7), Fault("error", probability=0.3, rng=7)
    drawn = [first.strikes() for _ in range(100)]
    assert drawn == [second.strikes() for _ in range(100)]
    assert 10 < sum(drawn) < 50


async def test_each_kind_does_its_harm() -> None:
    faults = Faults()
    faults.add(Fault("error", "s3", code="SlowDown", status=503, message="Please reduce your request rate."))
    with pytest.raises(AwsError) as refused:
        await faults.strike("s3", ["PutObject"])
    assert (refused.value.code, refused.value.status) == ("SlowDown", 503)
    assert refused.value.why == "a fault that was set on purpose: fault 1"
    await faults.strike("dynamodb", ["PutItem"])
    await faults.strike("s3", ["PutObject"], ["drop"])
    assert faults.clear("1") == 1
    faults.add(Fault("drop"))
    with pytest.raises(Dropped):
        await faults.strike("sts", ["GetCallerIdentity"])
    assert (faults.clear(), faults.rules) == (1, [])


async def test_a_call_of_another_service_is_struck_too(ctx: Context) -> None:
    ctx.account.faults.add(Fault("error", "dynamodb", "ListTables"))
    with pytest.raises(AwsError, match="Rate exceeded"):
        await ctx.services.dynamodb.list_tables({})
    ctx.account.faults.clear()
    assert (await ctx.services.dynamodb.list_tables({}))["TableNames"] == []


def test_there_are_only_so_many() -> None:
    faults = Faults()
    for _ in range(MOST + 5):
        faults.add(Fault("error"))
    assert len(faults.rules) == MOST
