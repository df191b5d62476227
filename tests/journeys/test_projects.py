"""Three whole projects beside Habitr: a todo app with groups, a chat in version 1's directives, a shop."""

import json
import shutil
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from botocore.auth import SigV4Auth
from botocore.awsrequest import AWSRequest
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.journeys.conftest import PATIENCE, ROOT, Running, missing, start, stop
from tests.journeys.people import PASSWORD, Person, api_key, boto_keys, code_for, graphql, new_name, sign_in
from tests.journeys.test_cli import command

PROJECTS = ROOT / "fixtures" / "projects"


def running(factory: pytest.TempPathFactory, name: str) -> Iterator[Running]:
    emulator = start(factory.mktemp(name), "--memory", "--port", "0", "--project", str(PROJECTS / name))
    yield emulator
    assert stop(emulator) == 0


@pytest.fixture(scope="module")
def todo(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(tmp_path_factory, "todo")


@pytest.fixture(scope="module")
def chat(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(tmp_path_factory, "chat")


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    yield from running(tmp_path_factory, "shop")


def member(emulator: Running, *groups: str, by_mail: bool = False, code: bool = True) -> Person:
    """Somebody who signed up, in ``groups``, signed in."""
    idp, name = emulator.client("cognito-idp"), new_name("someone")
    email = f"{name}@example.com"
    client, username = emulator.config["app_client_id"], email if by_mail else name
    given = [{"Name": "email", "Value": email}]
    made = idp.sign_up(ClientId=client, Username=username, Password=PASSWORD, UserAttributes=given)
    if code:
        known = made["UserSub"] if by_mail else username
        idp.confirm_sign_up(ClientId=client, Username=username, ConfirmationCode=code_for(emulator, known))
    for group in groups:
        pool = emulator.config["user_pool_id"]
        idp.admin_add_user_to_group(UserPoolId=pool, Username=username, GroupName=group)
    return sign_in(emulator, username)


def eventually(look: Callable[[], Any]) -> Any:
    """The first value that is truthy; the deadline is a failure's, never a success's."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        found = look()
        if found:
            return found
        time.sleep(0.02)
    raise AssertionError("it did not happen")


def data(answer: dict[str, Any]) -> Any:
    assert "errors" not in answer, answer["errors"]
    return answer["data"]


# todo


def test_a_list_belongs_to_its_owner_and_is_read_by_whom_it_is_shared_with(todo: Running) -> None:
    owner, editor, other = (
        member(todo, by_mail=True),
        member(todo, "Editors", by_mail=True),
        member(todo, by_mail=True),
    )
    create = """mutation($title: String!, $shared: [String]) {
      createList(input: {title: $title, sharedWith: $shared}) { id } }"""
    mine = data(owner.graphql(create, title="mine"))["createList"]["id"]
    shared = data(owner.graphql(create, title="ours", shared=["Editors"]))["createList"]["id"]
    read = "query($id: ID!) { getList(id: $id) { title owner } }"
    assert data(owner.graphql(read, id=mine))["getList"]["title"] == "mine"
    assert data(editor.graphql(read, id=shared))["getList"]["title"] == "ours"
    for person, hidden in ((editor, mine), (other, shared)):
        assert person.graphql(read, id=hidden)["errors"][0]["errorType"] == "Unauthorized"
    key = api_key(todo)
    by_key = "query($id: ID!) { getList(id: $id) { title } }"
    assert data(graphql(todo, by_key, {"id": mine}, key)[1])["getList"] == {"title": "mine"}
    assert graphql(todo, "mutation($id: ID!) { deleteList(input: {id: $id}) { id } }", {"id": mine}, key)[1][
        "errors"
    ]


def test_todos_are_ordered_have_a_default_and_editors_may_change_them(todo: Running) -> None:
    owner, editor = member(todo, by_mail=True), member(todo, "Editors", by_mail=True)
    made = owner.graphql('mutation { createList(input: {title: "x"}) { id } }')
    identity = data(made)["createList"]["id"]
    create = """mutation($list: ID!, $rank: Int!) {
      createTodo(input: {listID: $list, rank: $rank, text: "t"}) { id priority owner } }"""
    first = [data(owner.graphql(create, list=identity, rank=rank))["createTodo"] for rank in (2, 1)]
    assert {each["priority"] for each in first} == {"normal"}
    done = "mutation($id: ID!) { updateTodo(input: {id: $id, done: true}) { done rank } }"
    assert data(editor.graphql(done, id=first[0]["id"]))["updateTodo"] == {"done": True, "rank": 2}
    ordered = "query($id: ID!) { todosByList(listID: $id, rank: {ge: 1}) { items { rank list { title } } } }"
    items = data(owner.graphql(ordered, id=identity))["todosByList"]["items"]
    assert items == [{"rank": rank, "list": {"title": "x"}} for rank in (1, 2)]


def test_a_group_takes_its_own_role_in_storage(todo: Running) -> None:
    editor, other = member(todo, "Editors", by_mail=True), member(todo, by_mail=True)
    where = {"Bucket": todo.config["bucket"], "Key": "minutes/today.txt"}

    def s3(person: Person) -> Any:
        keys = person.credentials()
        keys.pop("identity_id")
        return todo.client("s3", **keys)

    s3(editor).put_object(Body=b"agreed", **where)
    assert s3(editor).get_object(**where)["Body"].read() == b"agreed"
    with pytest.raises(ClientError, match="AccessDenied"):
        s3(other).get_object(**where)


# chat


def needs_node() -> None:
    import shutil

    if shutil.which("node") is None:
        missing("node")


@pytest.mark.node
def test_who_signs_up_is_confirmed_at_once_by_the_trigger_and_reserved_names_are_refused(chat: Running) -> None:
    needs_node()
    assert member(chat, code=False).access
    idp = chat.client("cognito-idp")
    given = [{"Name": "email", "Value": "root@example.com"}]
    with pytest.raises(ClientError, match="the name root is reserved"):
        idp.sign_up(
            ClientId=chat.config["app_client_id"], Username="root", Password=PASSWORD, UserAttributes=given
        )


@pytest.mark.node
def test_who_a_trigger_confirms_is_added_by_the_verb_too(chat: Running, tmp_path: Path) -> None:
    needs_node()
    name = new_name("added")
    done = command(tmp_path, "user", "add", name, "--group", "writers", "--endpoint", chat.endpoint)
    assert (done.returncode, done.stderr) == (0, "")
    (made,) = chat.get(f"/_habitr/user/{name}")["users"]
    assert (made["status"], made["groups"]) == ("CONFIRMED", ["writers"])


def test_an_empty_pool_names_somebody_whom_it_would_take(
    start_emulator: Callable[..., Running], tmp_path: Path
) -> None:
    todo = start_emulator("--memory", "--port", "0", "--project", str(PROJECTS / "todo"))
    told = command(tmp_path, "user", "list", "--endpoint", todo.endpoint).stdout
    assert told.endswith("habitr-emulator user add alice@example.com\n")
    *_, verb, step, name = told.split()
    assert command(tmp_path, verb, step, name, "--endpoint", todo.endpoint).returncode == 0
    assert "alice@example.com" in command(tmp_path, "user", "list", "--endpoint", todo.endpoint).stdout


def test_a_seed_fills_a_pool_of_addresses(start_emulator: Callable[..., Running], tmp_path: Path) -> None:
    copy = tmp_path / "todo"
    shutil.copytree(PROJECTS / "todo", copy)
    (copy / "seed").mkdir()
    (copy / "seed" / "a.yaml").write_text("users: [{username: maya@example.com}]")
    (copy / "seed" / "b.yaml").write_text("rows: [{as: maya@example.com, create: List, input: {title: Mine}}]")
    todo = start_emulator("--memory", "--port", "0", "--project", str(copy))
    lists = graphql(todo, "{ listLists { items { title } } }", {}, api_key(todo))
    assert lists[1]["data"]["listLists"]["items"] == [{"title": "Mine"}]
    again = command(tmp_path, "seed", str(copy / "seed" / "b.yaml"), "--endpoint", todo.endpoint)
    assert (again.returncode, again.stdout) == (0, "Seeded: 0 users, files and rows; 1 were there already\n")
    (copy / "seed" / "b.yaml").write_text("rows: [{as: maya@example.com, create: List, input: {title: More}}]")
    assert command(tmp_path, "seed", "--endpoint", todo.endpoint).stdout.startswith("Seeded: 1 users")


@pytest.mark.node
def test_messages_are_read_by_room_and_counted_by_the_stream(chat: Running) -> None:
    needs_node()
    ann, ben = member(chat, code=False), member(chat, code=False)
    room = data(ann.graphql('mutation { createRoom(input: {topic: "tea"}) { id } }'))["createRoom"]["id"]
    say = (
        "mutation($room: ID!, $body: String!) { createMessage(input: {roomID: $room, body: $body}) { id author } }"
    )
    for person, body in ((ann, "one"), (ben, "two")):
        said = data(person.graphql(say, room=room, body=body))["createMessage"]
        assert said["author"] == person.username
    by_room = "query($room: ID!) { messagesByRoom(roomID: $room) { items { body room { topic } } } }"
    items = data(ben.graphql(by_room, room=room))["messagesByRoom"]["items"]
    assert items == [{"body": body, "room": {"topic": "tea"}} for body in ("one", "two")]
    steal = "mutation($id: ID!) { deleteMessage(input: {id: $id}) { id } }"
    assert ben.graphql(steal, id=data(ann.graphql(say, room=room, body="x"))["createMessage"]["id"])["errors"]
    table = chat.client("dynamodb")

    def counted() -> bool:
        found = table.get_item(TableName="activity-dev", Key={"room": {"S": room}}).get("Item", {})
        return bool(found.get("messages") == {"N": "3"})

    assert eventually(counted)


@pytest.mark.node
def test_a_compound_key_names_a_member(chat: Running) -> None:
    needs_node()
    ann = member(chat, code=False)
    join = """mutation($name: String!) {
      createMember(input: {roomID: "r", username: $name, nickname: "A"}) { nickname } }"""
    assert data(ann.graphql(join, name=ann.username))["createMember"] == {"nickname": "A"}
    read = 'query($name: String!) { getMember(roomID: "r", username: $name) { nickname } }'
    assert data(ann.graphql(read, name=ann.username))["getMember"] == {"nickname": "A"}


# shop


def guest(emulator: Running) -> dict[str, str]:
    pool, ours = emulator.client("cognito-identity"), emulator.config["identity_pool_id"]
    identity = pool.get_id(IdentityPoolId=ours)["IdentityId"]
    return boto_keys(pool.get_credentials_for_identity(IdentityId=identity)["Credentials"])


def call(emulator: Running, method: str, path: str, keys: dict[str, str] | None = None, body: Any = None) -> Any:
    """(status, headers, JSON) of a REST call, signed with ``keys``."""
    import urllib.error
    import urllib.request

    content = None if body is None else json.dumps(body).encode()
    request = AWSRequest(method, emulator.config["rest_url"] + path, data=content)
    if keys:
        credentials = Credentials(
            *(keys[f"aws_{name}"] for name in ("access_key_id", "secret_access_key", "session_token"))
        )
        SigV4Auth(credentials, "execute-api", emulator.config["region"]).add_auth(request)
    sent = urllib.request.Request(request.url, content, dict(request.headers), method=method)
    try:
        with urllib.request.urlopen(sent, timeout=PATIENCE) as answer:
            return answer.status, answer.headers, json.load(answer)
    except urllib.error.HTTPError as refused:
        with refused:
            return refused.code, refused.headers, json.load(refused)


def test_members_sell_guests_look_and_nobody_else_may(shop: Running) -> None:
    seller = member(shop).credentials()
    identity = seller.pop("identity_id")
    category = new_name("category")
    for price in (30, 4):
        status, _, made = call(shop, "POST", "/products", seller, {"category": category, "price": price})
        assert (status, made["seller"]) == (201, identity)
    status, headers, found = call(shop, "GET", f"/products?category={category}", guest(shop))
    assert (status, [each["price"] for each in found]) == (200, [4.0, 30.0])
    assert headers["Access-Control-Allow-Origin"] == "*"
    assert call(shop, "GET", f"/products/{made['id']}", guest(shop))[2]["category"] == category
    status, headers, refused = call(shop, "POST", "/products", guest(shop), {"category": category, "price": 1})
    assert (status, headers["x-amzn-errortype"]) == (403, "AccessDeniedException")
    assert "execute-api:Invoke" in refused["Message"]
    assert call(shop, "GET", "/products")[0] == 403
    assert call(shop, "GET", "/health")[2] == {"ok": True}


def test_a_picture_is_noted_on_its_product(shop: Running) -> None:
    seller = member(shop).credentials()
    seller.pop("identity_id")
    _, _, made = call(shop, "POST", "/products", seller, {"category": "c", "price": 1})
    key = f"public/pictures/{made['id']}"
    shop.client("s3", **seller).put_object(Bucket=shop.config["bucket"], Key=key, Body=b"png")
    table = shop.client("dynamodb")

    def noted() -> bool:
        item = table.get_item(TableName="products-dev", Key={"id": {"S": made["id"]}})["Item"]
        return bool(item.get("picture") == {"S": key})

    assert eventually(noted)


def test_orders_carry_versions_merge_and_sync(shop: Running) -> None:
    buyer = member(shop)
    made = data(buyer.graphql("mutation { createOrder(input: {status: open}) { id _version } }"))["createOrder"]
    assert made["_version"] == 1
    change = """mutation($id: ID!, $status: OrderStatus, $note: String, $version: Int) {
      updateOrder(input: {id: $id, status: $status, note: $note, _version: $version}) { status note _version } }"""
    data(buyer.graphql(change, id=made["id"], status="paid", version=1))
    merged = data(buyer.graphql(change, id=made["id"], note="b", version=1))["updateOrder"]
    assert (merged["status"], merged["note"], merged["_version"]) == ("paid", "b", 3)
    sync = "query { syncOrders(limit: 100) { items { id _version _deleted } startedAt } }"
    assert made["id"] in {each["id"] for each in data(buyer.graphql(sync))["syncOrders"]["items"]}


def test_a_function_with_access_to_the_api_orders_for_somebody_whom_the_rules_then_let_in(shop: Running) -> None:
    buyer, other = member(shop), member(shop)
    keys = buyer.credentials()
    keys.pop("identity_id")
    status, _, made = call(shop, "POST", "/products/tea/orders", keys, {"owner": buyer.username})
    assert (status, made["createOrder"]["owner"]) == (201, buyer.username)
    read = "query($id: ID!) { getOrder(id: $id) { note status } }"
    identity = made["createOrder"]["id"]
    assert data(buyer.graphql(read, id=identity))["getOrder"] == {"note": "tea", "status": "open"}
    assert other.graphql(read, id=identity)["errors"][0]["errorType"] == "Unauthorized"


def test_what_is_not_run_is_told_at_the_start_and_in_the_configuration(shop: Running) -> None:
    assert any("geo/delivery: is not run" in line for line in shop.greeting)
    assert shop.config["not_run"] == ["geo/delivery: is not run: geo by Map"]
