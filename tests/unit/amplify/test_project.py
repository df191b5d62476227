"""The Habitr project, read; and projects that cannot be."""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from habitr_emulator.amplify.backend import Backend
from habitr_emulator.amplify.client_config import client_config
from habitr_emulator.amplify.project import load
from habitr_emulator.kernel.errors import ProjectError
from habitr_emulator.services.appsync.spec import JavaScript, Vtl

HABITR = Path(__file__).resolve().parents[3] / "fixtures" / "habitr"


@pytest.fixture(scope="module")
def habitr() -> Backend:
    return load(HABITR)


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    shutil.copytree(HABITR / "amplify", tmp_path / "habitr" / "amplify")
    return tmp_path / "habitr"


def test_the_pool_is_the_one_that_the_project_describes(habitr: Backend) -> None:
    pool = habitr.user_pools[0]
    assert pool.settings["UsernameConfiguration"] == {"CaseSensitive": False}
    assert pool.settings["AutoVerifiedAttributes"] == ["email"]
    assert pool.settings["Policies"]["PasswordPolicy"]["MinimumLength"] == 8
    assert pool.settings["LambdaConfig"] == {
        "PostConfirmation": "arn:aws:lambda:us-east-1:000000000000:function:habitrPostConfirmation-dev"
    }
    assert [group["GroupName"] for group in pool.groups] == ["admin"]
    assert pool.identity_providers[0]["AttributeMapping"] == {"email": "email", "username": "user_id"}


def test_only_scripts_may_use_the_password_flow(habitr: Backend) -> None:
    flows = {
        client.settings["ClientName"]: client.settings["ExplicitAuthFlows"]
        for client in habitr.user_pools[0].clients
    }
    allowed = {name for name, listed in flows.items() if "ALLOW_USER_PASSWORD_AUTH" in listed}
    assert allowed == {"habitr_script", "habitr_short_lived"}
    assert all("ALLOW_USER_SRP_AUTH" in listed for listed in flows.values())


def test_members_get_the_storage_policies_and_guests_none(habitr: Backend) -> None:
    roles = {role.role_name: role for role in habitr.roles}
    member, guest = roles["amplify-habitr-dev-authRole"], roles["amplify-habitr-dev-unauthRole"]
    text = json.dumps(member.policies)
    assert "arn:aws:s3:::habitr-avatars-dev/private/${cognito-identity.amazonaws.com:sub}/*" in text
    listing = [
        statement
        for policy in member.policies.values()
        for statement in policy["Statement"]
        if "s3:ListBucket" in statement["Action"]
    ]
    assert "protected/*" in listing[0]["Condition"]["StringLike"]["s3:prefix"]
    assert "s3:" not in json.dumps(guest.policies)
    assert "mobiletargeting:PutEvents" in json.dumps(guest.policies)


def test_functions_know_the_api_by_their_environment(habitr: Backend) -> None:
    environment = {function.function_name: function.environment for function in habitr.functions}
    assert environment["habitrUserExists-dev"]["GRAPHQL_API_ENDPOINT"] == "{endpoint}/graphql"
    assert environment["habitrPostConfirmation-dev"]["GRAPHQL_API_KEY"] == "da2-habitremulator0000000000"


def test_the_rest_api_has_the_path_and_everything_below_it(habitr: Backend) -> None:
    routes = habitr.rest_apis[0].routes
    assert [(route.path, route.authorization) for route in routes] == [
        ("/user/exists", "NONE"),
        ("/user/exists/{proxy+}", "NONE"),
    ]


def test_the_vote_is_a_pipeline_of_templates_over_two_tables(habitr: Backend) -> None:
    vote = habitr.graphql_apis[0].resolvers["Mutation", "vote"]
    assert [function.data_source for function in vote.functions] == ["UserTable", "HabitTable", "UserTable"]
    assert isinstance(vote.before, Vtl)
    assert vote.before.name == "Mutation.vote.req.vtl"


def test_ids_follow_from_names_and_never_change(habitr: Backend) -> None:
    again = load(HABITR)
    assert again.config == habitr.config
    assert habitr.config["user_pool_id"].startswith("us-east-1_")
    assert len(habitr.config["user_pool_id"]) == len("us-east-1_") + 9
    assert habitr.table_names["Habit"] == f"Habit-{habitr.config['graphql_api_id']}-dev"


def test_clients_learn_what_the_product_promises(habitr: Backend) -> None:
    config = client_config(habitr, "http://localhost:4566", {"test": "test"})
    assert config["graphql_url"] == "http://localhost:4566/graphql"
    assert config["rest_url"] == "http://localhost:4566/dev"
    assert (config["rest_api_name"], config["function_name"]) == ("habitrAPI", "habitrUserExists-dev")
    assert (config["access_key_id"], config["secret_access_key"]) == ("test", "test")
    assert set(config["tables"]) == {"User", "Habit", "Comment"}


def test_reading_a_project_does_not_import_the_graphql_parser() -> None:
    code = (
        "import sys; from pathlib import Path; from habitr_emulator.amplify.project import load;"
        f"load(Path({str(HABITR)!r})); sys.exit('graphql' in sys.modules)"
    )
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_a_broken_json_file_is_named_with_line_and_column(copy: Path) -> None:
    broken = copy / "amplify" / "backend" / "backend-config.json"
    broken.write_text('{\n  "api": nope\n}')
    with pytest.raises(ProjectError) as error:
        load(copy)
    assert (error.value.file, error.value.line, error.value.column) == (str(broken), 2, 10)


def test_an_unknown_environment_is_refused(copy: Path) -> None:
    with pytest.raises(ProjectError, match="there is no environment prod; there are: dev"):
        load(copy, environment="prod")


def test_a_refused_schema_names_its_own_file_in_a_schema_folder(copy: Path) -> None:
    api = copy / "amplify" / "backend" / "api" / "habitr"
    (api / "schema").mkdir()
    (api / "schema.graphql").rename(api / "schema" / "a.graphql")
    (api / "schema" / "b.graphql").write_text("\ntype Bad @model @auth(rules: [{ allow: groups }]) { id: ID! }\n")
    with pytest.raises(ProjectError) as error:
        _ = load(copy).graphql_apis
    assert (error.value.file, error.value.line) == (str(api / "schema" / "b.graphql"), 2)


def test_a_template_outside_the_apis_folder_is_not_read_and_told(copy: Path) -> None:
    stack = copy / "amplify" / "backend" / "api" / "habitr" / "stacks" / "CustomResources.json"
    stack.write_text(stack.read_text().replace("/resolvers/Mutation.vote.req.vtl", "/../../../cli.json"))
    backend = load(copy)
    (note,) = backend.notes
    assert note.where == "api/habitr/stacks/CustomResources.json"
    assert "outside the API's folder" in note.reason
    assert ("Mutation", "vote") not in backend.graphql_apis[0].resolvers


def test_a_projects_own_template_joins_its_slot(copy: Path) -> None:
    resolvers = copy / "amplify" / "backend" / "api" / "habitr" / "resolvers"
    (resolvers / "Mutation.createHabit.postAuth.1.req.vtl").write_text("{}")
    (resolvers / "Query.getHabit.res.vtl").write_text("$util.toJson(null)")
    api = load(copy).graphql_apis[0]
    create = api.resolvers["Mutation", "createHabit"]
    assert [isinstance(function.request, Vtl) for function in create.functions] == [False, False, True, False]
    assert isinstance(api.resolvers["Query", "getHabit"].functions[-1].response, Vtl)


def test_a_custom_stack_may_hold_javascript_in_place_or_in_a_file(copy: Path) -> None:
    api = copy / "amplify" / "backend" / "api" / "habitr"
    (api / "resolvers" / "today.js").write_text("export const request = () => ({})")
    runtime = {"Name": "APPSYNC_JS", "RuntimeVersion": "1.0.0"}
    location = {"Fn::Sub": "s3://${S3DeploymentBucket}/${S3DeploymentRootKey}/resolvers/today.js"}
    stack = json.loads((api / "stacks" / "CustomResources.json").read_text())
    stack["Resources"] |= {
        "Today": {
            "Type": "AWS::AppSync::FunctionConfiguration",
            "Properties": {
                "Name": "today",
                "DataSourceName": "UserTable",
                "Runtime": runtime,
                "CodeS3Location": location,
                "MaxBatchSize": 7,
            },
        },
        "TodayResolver": {
            "Type": "AWS::AppSync::Resolver",
            "Properties": {
                "TypeName": "Query",
                "FieldName": "today",
                "Kind": "PIPELINE",
                "PipelineConfig": {"Functions": [{"Fn::GetAtt": ["Today", "FunctionId"]}]},
                "Runtime": runtime,
                "Code": "export const response = (ctx) => ctx.prev.result",
            },
        },
    }
    (api / "stacks" / "CustomResources.json").write_text(json.dumps(stack))
    made = load(copy).graphql_apis[0].resolvers["Query", "today"]
    (function,) = made.functions
    assert function.max_batch_size == 7
    assert function.request == JavaScript("export const request = () => ({})", "request", "today.js")
    assert made.after == JavaScript("export const response = (ctx) => ctx.prev.result", "response")
