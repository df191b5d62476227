"""What a bucket can be told, as boto3 and browsers see it: access, CORS, encryption, lifecycle, notifications."""

import base64
import hashlib
import io
import json
import time
import urllib.error
import urllib.request
import zipfile
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from botocore import UNSIGNED
from botocore.auth import S3SigV4QueryAuth
from botocore.awsrequest import AWSRequest
from botocore.config import Config
from botocore.credentials import Credentials
from botocore.exceptions import ClientError

from tests.journeys.conftest import PATIENCE, Running
from tests.journeys.people import new_name

Call = Callable[..., Any]
PATH_STYLE = Config(signature_version="s3v4", s3={"addressing_style": "path"})


@pytest.fixture
def s3(emulator: Running) -> Any:
    return emulator.client("s3", config=PATH_STYLE)


@pytest.fixture
def stranger(emulator: Running) -> Any:
    return emulator.client("s3", config=Config(signature_version=UNSIGNED, s3={"addressing_style": "path"}))


@pytest.fixture
def bucket(s3: Any) -> Iterator[str]:
    name = new_name("settings").lower()
    s3.create_bucket(Bucket=name)
    yield name
    for each in s3.list_objects_v2(Bucket=name).get("Contents", []):
        s3.delete_object(Bucket=name, Key=each["Key"])
    s3.delete_bucket(Bucket=name)


def refused(call: Call, **request: Any) -> tuple[int, str]:
    with pytest.raises(ClientError) as error:
        call(**request)
    answer = error.value.response
    return answer["ResponseMetadata"]["HTTPStatusCode"], answer["Error"]["Code"]


def ask(
    emulator: Running, method: str, path: str, headers: dict[str, str], body: bytes | None = None
) -> tuple[int, dict[str, str], str]:
    request = urllib.request.Request(emulator.endpoint + path, body, headers, method=method)
    try:
        with urllib.request.urlopen(request, timeout=PATIENCE) as answer:
            return answer.status, dict(answer.headers), answer.read().decode()
    except urllib.error.HTTPError as error:
        with error:
            return error.code, dict(error.headers), error.read().decode()


def test_a_new_bucket_is_closed_as_on_aws(s3: Any, bucket: str) -> None:
    rules = s3.get_bucket_ownership_controls(Bucket=bucket)["OwnershipControls"]["Rules"]
    assert rules == [{"ObjectOwnership": "BucketOwnerEnforced"}]
    block = s3.get_public_access_block(Bucket=bucket)["PublicAccessBlockConfiguration"]
    assert set(block.values()) == {True}
    assert refused(s3.put_bucket_acl, Bucket=bucket, ACL="public-read") == (400, "AccessControlListNotSupported")
    put = {"Bucket": bucket, "Key": "k", "Body": b"x"}
    assert refused(s3.put_object, **put, ACL="public-read") == (400, "AccessControlListNotSupported")
    s3.put_object(**put, ACL="bucket-owner-full-control")
    rule = s3.get_bucket_encryption(Bucket=bucket)["ServerSideEncryptionConfiguration"]["Rules"][0]
    assert rule["ApplyServerSideEncryptionByDefault"] == {"SSEAlgorithm": "AES256"}


def open_up(s3: Any, bucket: str) -> None:
    s3.delete_public_access_block(Bucket=bucket)
    controls = {"Rules": [{"ObjectOwnership": "ObjectWriter"}]}
    s3.put_bucket_ownership_controls(Bucket=bucket, OwnershipControls=controls)


def test_canned_acls_open_objects_and_buckets_to_everybody(s3: Any, stranger: Any, bucket: str) -> None:
    open_up(s3, bucket)
    where = {"Bucket": bucket, "Key": "k"}
    s3.put_object(**where, Body=b"x", ACL="public-read")
    assert stranger.get_object(**where)["Body"].read() == b"x"
    assert refused(stranger.list_objects_v2, Bucket=bucket) == (403, "AccessDenied")
    grants = s3.get_object_acl(**where)["Grants"]
    assert [grant["Permission"] for grant in grants] == ["FULL_CONTROL", "READ"]
    assert grants[1]["Grantee"] == {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
    s3.put_object_acl(**where, ACL="authenticated-read")
    assert refused(stranger.get_object, **where) == (403, "AccessDenied")
    s3.put_bucket_acl(Bucket=bucket, ACL="public-read-write")
    assert [each["Key"] for each in stranger.list_objects_v2(Bucket=bucket)["Contents"]] == ["k"]
    stranger.put_object(Bucket=bucket, Key="theirs", Body=b"y", ACL="public-read")
    assert stranger.get_object(Bucket=bucket, Key="theirs")["Body"].read() == b"y"
    assert refused(stranger.put_object_acl, **where, ACL="public-read") == (403, "AccessDenied")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"IgnorePublicAcls": True})
    assert refused(stranger.list_objects_v2, Bucket=bucket) == (403, "AccessDenied")
    s3.put_public_access_block(Bucket=bucket, PublicAccessBlockConfiguration={"BlockPublicAcls": True})
    assert refused(s3.put_bucket_acl, Bucket=bucket, ACL="public-read") == (403, "AccessDenied")


def test_grants_name_the_owner_and_groups(s3: Any, bucket: str) -> None:
    open_up(s3, bucket)
    owner = s3.get_bucket_acl(Bucket=bucket)["Owner"]
    s3.put_object(Bucket=bucket, Key="k", Body=b"x", GrantRead=f"id={owner['ID']}")
    assert [grant["Permission"] for grant in s3.get_object_acl(Bucket=bucket, Key="k")["Grants"]] == ["READ"]
    group = {"Type": "Group", "URI": "http://acs.amazonaws.com/groups/global/AllUsers"}
    policy = {"Owner": owner, "Grants": [{"Grantee": group, "Permission": "READ_ACP"}]}
    s3.put_bucket_acl(Bucket=bucket, AccessControlPolicy=policy)
    assert s3.get_bucket_acl(Bucket=bucket)["Grants"] == policy["Grants"]
    nobody = {"Type": "CanonicalUser", "ID": "none"}
    wrong = {"Owner": owner, "Grants": [{"Grantee": nobody, "Permission": "READ"}]}
    assert refused(s3.put_bucket_acl, Bucket=bucket, AccessControlPolicy=wrong) == (400, "InvalidArgument")
    mail = {"Type": "AmazonCustomerByEmail", "EmailAddress": "a@example.com"}
    mailed = {"Owner": owner, "Grants": [{"Grantee": mail, "Permission": "READ"}]}
    assert refused(s3.put_bucket_acl, Bucket=bucket, AccessControlPolicy=mailed) == (405, "MethodNotAllowed")


def allow(bucket: str, action: str, resource: str, **more: Any) -> str:
    statement = {
        "Effect": "Allow",
        "Principal": "*",
        "Action": action,
        "Resource": f"arn:aws:s3:::{bucket}{resource}",
    }
    return json.dumps({"Version": "2012-10-17", "Statement": [{**statement, **more}]})


def test_policies_are_public_or_not_and_may_be_blocked(s3: Any, stranger: Any, bucket: str) -> None:
    everybody = allow(bucket, "s3:GetObject", "/*")
    assert refused(s3.put_bucket_policy, Bucket=bucket, Policy=everybody) == (403, "AccessDenied")
    here = allow(bucket, "s3:GetObject", "/*", Condition={"IpAddress": {"aws:SourceIp": "10.0.0.0/8"}})
    s3.put_bucket_policy(Bucket=bucket, Policy=here)
    assert not s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"]
    s3.delete_public_access_block(Bucket=bucket)
    assert refused(s3.get_public_access_block, Bucket=bucket) == (404, "NoSuchPublicAccessBlockConfiguration")
    tagged = {"StringEquals": {"s3:ExistingObjectTag/public": "yes"}}
    s3.put_bucket_policy(Bucket=bucket, Policy=allow(bucket, "s3:GetObject", "/*", Condition=tagged))
    assert s3.get_bucket_policy_status(Bucket=bucket)["PolicyStatus"]["IsPublic"]
    s3.put_object(Bucket=bucket, Key="open", Body=b"x", Tagging="public=yes")
    s3.put_object(Bucket=bucket, Key="closed", Body=b"x", Tagging="public=no")
    assert stranger.get_object(Bucket=bucket, Key="open")["Body"].read() == b"x"
    assert refused(stranger.get_object, Bucket=bucket, Key="closed") == (403, "AccessDenied")
    s3.put_bucket_request_payment(Bucket=bucket, RequestPaymentConfiguration={"Payer": "Requester"})
    assert refused(stranger.get_object, Bucket=bucket, Key="open") == (403, "AccessDenied")
    assert s3.get_bucket_request_payment(Bucket=bucket)["Payer"] == "Requester"


def test_a_deny_of_the_buckets_policy_binds_the_administrator_too(s3: Any, bucket: str) -> None:
    plain = {"Null": {"s3:x-amz-server-side-encryption": "true"}}
    denied = allow(bucket, "s3:PutObject", "/*", Effect="Deny", Condition=plain)
    s3.put_bucket_policy(Bucket=bucket, Policy=denied)
    where = {"Bucket": bucket, "Key": "k", "Body": b"x"}
    assert refused(s3.put_object, **where) == (403, "AccessDenied")
    s3.put_object(**where, ServerSideEncryption="AES256")
    s3.put_bucket_policy(Bucket=bucket, Policy=allow(bucket, "s3:*", "/*", Effect="Deny"))
    deleted = s3.delete_objects(Bucket=bucket, Delete={"Objects": [{"Key": "k"}]})
    assert [each["Code"] for each in deleted["Errors"]] == ["AccessDenied"]
    s3.delete_bucket_policy(Bucket=bucket)


def test_a_page_may_do_what_the_buckets_rules_say(emulator: Running, s3: Any, bucket: str) -> None:
    path = f"/{bucket}/k"
    asking = {"Origin": "https://www.habitr.app", "Access-Control-Request-Method": "PUT"}
    status, _, body = ask(emulator, "OPTIONS", path, asking)
    assert (status, "CORS is not enabled for this bucket" in body) == (403, True)
    rules = [
        {
            "AllowedOrigins": ["https://*.habitr.app"],
            "AllowedMethods": ["PUT"],
            "AllowedHeaders": ["x-amz-*"],
            "ExposeHeaders": ["ETag"],
            "MaxAgeSeconds": 60,
        },
        {"AllowedOrigins": ["*"], "AllowedMethods": ["GET"]},
    ]
    s3.put_bucket_cors(Bucket=bucket, CORSConfiguration={"CORSRules": rules})
    status, headers, _ = ask(emulator, "OPTIONS", path, asking | {"Access-Control-Request-Headers": "X-Amz-Date"})
    assert (status, headers["Access-Control-Allow-Origin"]) == (200, "https://www.habitr.app")
    assert headers["Access-Control-Allow-Headers"] == "x-amz-date"
    assert (headers["Access-Control-Max-Age"], headers["Access-Control-Expose-Headers"]) == ("60", "ETag")
    assert ask(emulator, "OPTIONS", path, asking | {"Access-Control-Request-Headers": "authorization"})[0] == 403
    assert ask(emulator, "OPTIONS", path, asking | {"Origin": "https://evil.example"})[0] == 403
    assert ask(emulator, "OPTIONS", path, {})[0] == 400
    status, headers, _ = ask(emulator, "GET", path, {"Origin": "https://evil.example"})
    assert (status, headers["Access-Control-Allow-Origin"]) == (403, "*")
    status, headers, _ = ask(emulator, "DELETE", path, {"Origin": "https://evil.example"})
    assert (status, "Access-Control-Allow-Origin" in headers) == (403, False)


KEY = bytes(range(32))
CUSTOMER = {
    "SSECustomerAlgorithm": "AES256",
    "SSECustomerKey": KEY,
}


def test_who_has_not_the_customers_key_reads_nothing(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k"}
    put = s3.put_object(**where, Body=b"secret", **CUSTOMER)
    assert put["SSECustomerKeyMD5"] == base64.b64encode(hashlib.md5(KEY).digest()).decode()
    assert "ServerSideEncryption" not in put
    assert s3.get_object(**where, **CUSTOMER)["Body"].read() == b"secret"
    assert refused(s3.get_object, **where) == (400, "InvalidRequest")
    assert refused(s3.head_object, **where)[0] == 400
    wrong = CUSTOMER | {"SSECustomerKey": bytes(32)}
    assert refused(s3.get_object, **where, **wrong) == (403, "AccessDenied")
    source = {"Bucket": bucket, "Key": "k"}
    assert refused(s3.copy_object, Bucket=bucket, Key="c", CopySource=source) == (400, "InvalidRequest")
    reading = {f"CopySource{name}": value for name, value in CUSTOMER.items()}
    s3.copy_object(Bucket=bucket, Key="c", CopySource=source, **reading)
    assert s3.get_object(Bucket=bucket, Key="c")["Body"].read() == b"secret"
    upload = s3.create_multipart_upload(Bucket=bucket, Key="m", **CUSTOMER)["UploadId"]
    part = {"Bucket": bucket, "Key": "m", "UploadId": upload, "PartNumber": 1, "Body": b"x"}
    assert refused(s3.upload_part, **part) == (400, "InvalidRequest")
    assert refused(s3.upload_part, **part, **wrong) == (400, "InvalidRequest")
    s3.upload_part(**part, **CUSTOMER)
    s3.put_object(Bucket=bucket, Key="plain", Body=b"x")
    assert refused(s3.get_object, Bucket=bucket, Key="plain", **CUSTOMER) == (400, "InvalidRequest")
    short = CUSTOMER | {"SSECustomerKey": b"short"}
    assert refused(s3.put_object, **where, Body=b"", **short) == (400, "InvalidArgument")


def test_encryption_is_the_requests_or_the_buckets(s3: Any, bucket: str) -> None:
    where = {"Bucket": bucket, "Key": "k", "Body": b"x"}
    assert s3.put_object(**where)["ServerSideEncryption"] == "AES256"
    kms = s3.put_object(**where, ServerSideEncryption="aws:kms", SSEKMSKeyId="my-key")
    assert kms["SSEKMSKeyId"] == "arn:aws:kms:us-east-1:000000000000:key/my-key"
    assert refused(s3.put_object, **where, SSEKMSKeyId="my-key") == (400, "InvalidArgument")
    rule = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}, "BucketKeyEnabled": True}
    s3.put_bucket_encryption(Bucket=bucket, ServerSideEncryptionConfiguration={"Rules": [rule]})
    default = s3.put_object(**where)
    assert (default["ServerSideEncryption"], default["BucketKeyEnabled"]) == ("aws:kms", True)
    s3.delete_bucket_encryption(Bucket=bucket)
    assert s3.put_object(**where)["ServerSideEncryption"] == "AES256"


@pytest.mark.parametrize(
    ("rule", "code"),
    [
        ({"ID": "x" * 256}, "InvalidArgument"),
        ({"Status": "enabled"}, "MalformedXML"),
        ({"Expiration": {"Days": 0}}, "InvalidArgument"),
        ({"Expiration": {"Days": 1, "Date": "2030-01-01"}}, "MalformedXML"),
        ({"Expiration": {"Date": "2030-01-01T10:00:00Z"}}, "InvalidArgument"),
        ({"Transitions": [{"Days": 1, "StorageClass": "STANDARD_IA"}]}, "InvalidArgument"),
        ({"Transitions": [{"Days": 400, "StorageClass": "GLACIER"}]}, "InvalidArgument"),
        ({"AbortIncompleteMultipartUpload": {"DaysAfterInitiation": 0}}, "InvalidArgument"),
    ],
)
def test_lifecycle_rules_must_make_sense(s3: Any, bucket: str, rule: dict[str, Any], code: str) -> None:
    whole = {"ID": "r", "Status": "Enabled", "Filter": {"Prefix": "a/"}, "Expiration": {"Days": 365}, **rule}
    put = s3.put_bucket_lifecycle_configuration
    assert refused(put, Bucket=bucket, LifecycleConfiguration={"Rules": [whole]}) == (400, code)
    assert refused(s3.get_bucket_lifecycle_configuration, Bucket=bucket) == (404, "NoSuchLifecycleConfiguration")


def test_a_setting_without_a_digest_of_its_body_is_refused(emulator: Running, s3: Any, bucket: str) -> None:
    body = b"<Tagging><TagSet><Tag><Key>a</Key><Value>b</Value></Tag></TagSet></Tagging>"
    target = presigned(emulator, "PUT", f"/{bucket}?tagging")
    status, _, said = ask(emulator, "PUT", target, {}, body)
    assert (status, "Content-MD5 OR x-amz-checksum-*" in said) == (400, True)
    for digest, code in ((hashlib.md5(b"other").digest(), "BadDigest"), (b"short", "InvalidDigest")):
        headers = {"Content-MD5": base64.b64encode(digest).decode()}
        status, _, said = ask(emulator, "PUT", target, headers, body)
        assert (status, f"<Code>{code}</Code>" in said) == (400, True)
    right = {"Content-MD5": base64.b64encode(hashlib.md5(body).digest()).decode()}
    assert ask(emulator, "PUT", target, right, body)[0] == 204
    assert s3.get_bucket_tagging(Bucket=bucket)["TagSet"] == [{"Key": "a", "Value": "b"}]


def presigned(emulator: Running, method: str, path: str) -> str:
    keys = Credentials(emulator.config["access_key_id"], emulator.config["secret_access_key"])
    request = AWSRequest(method, emulator.endpoint + path)
    S3SigV4QueryAuth(keys, "s3", emulator.config["region"], expires=60).add_auth(request)
    return str(request.url).removeprefix(emulator.endpoint)


TELL = """
import json, urllib.request, os
def handler(event, context):
    import pathlib
    with open(os.environ["HEARD"], "a") as file:
        file.write(json.dumps(event) + "\\n")
"""


def test_a_function_is_told_of_the_objects_that_it_asked_for(
    emulator: Running, s3: Any, bucket: str, tmp_path: Any
) -> None:
    functions, name, heard = emulator.client("lambda"), new_name("told"), tmp_path / "heard"
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        archive.writestr("main.py", TELL)
    function = functions.create_function(
        FunctionName=name,
        Runtime="python3.11",
        Role="arn:aws:iam::000000000000:role/any",
        Handler="main.handler",
        Code={"ZipFile": packed.getvalue()},
        Environment={"Variables": {"HEARD": str(heard)}},
    )["FunctionArn"]
    rules = [{"Name": "prefix", "Value": "in/"}, {"Name": "suffix", "Value": ".jpg"}]
    target = {
        "Id": "t",
        "LambdaFunctionArn": function,
        "Events": ["s3:ObjectCreated:*", "s3:ObjectRemoved:Delete"],
        "Filter": {"Key": {"FilterRules": rules}},
    }
    configuration = {"LambdaFunctionConfigurations": [target]}
    put = s3.put_bucket_notification_configuration
    asked = {"Bucket": bucket, "NotificationConfiguration": configuration}
    assert refused(put, **asked) == (400, "InvalidArgument")
    functions.add_permission(
        FunctionName=name, StatementId="s3", Action="lambda:InvokeFunction", Principal="s3.amazonaws.com"
    )
    put(**asked)
    kept = s3.get_bucket_notification_configuration(Bucket=bucket)["LambdaFunctionConfigurations"]
    assert kept == [target]
    s3.put_object(Bucket=bucket, Key="in/a b+ü.jpg", Body=b"four")
    s3.put_object(Bucket=bucket, Key="in/a.png", Body=b"x")
    s3.delete_object(Bucket=bucket, Key="in/a b+ü.jpg")
    end = time.monotonic() + PATIENCE
    while not heard.exists() or len(heard.read_text().splitlines()) < 2:
        assert time.monotonic() < end
        time.sleep(0.02)
    records = [json.loads(line)["Records"][0] for line in heard.read_text().splitlines()]
    made, gone = sorted(records, key=lambda record: record["s3"]["object"]["sequencer"])
    assert (made["eventName"], gone["eventName"]) == ("ObjectCreated:Put", "ObjectRemoved:Delete")
    assert (made["eventSource"], made["eventVersion"], made["awsRegion"]) == ("aws:s3", "2.1", "us-east-1")
    about = made["s3"]
    assert (about["configurationId"], about["bucket"]["name"]) == ("t", bucket)
    assert (about["object"]["key"], about["object"]["size"]) == ("in/a+b%2B%C3%BC.jpg", 4)
    assert about["object"]["eTag"] == hashlib.md5(b"four").hexdigest()
    put(Bucket=bucket, NotificationConfiguration={})
    assert "LambdaFunctionConfigurations" not in s3.get_bucket_notification_configuration(Bucket=bucket)
