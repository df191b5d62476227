"""Where a request goes, by its target, scope, host, form and path."""

import pytest

from habitr_emulator.wire.detect import Destination, Endpoint, Names, OperationCall, Unknown, detect
from habitr_emulator.wire.http import Headers, Request

NAMES = Names(stages=frozenset({"dev"}), domains=frozenset({"login.example.com"}), hosts=("mybox.lan",))


def sent(target: str, method: str = "GET", scope: str = "", body: bytes = b"", **headers: str) -> Destination:
    lines = [("host", headers.pop("host", "localhost:4566"))]
    lines += [(name.replace("_", "-"), value) for name, value in headers.items()]
    if scope:
        lines.append(
            ("authorization", f"AWS4-HMAC-SHA256 Credential=AK/20261121/us-east-1/{scope}/aws4_request, a=b")
        )
    return detect(Request(method, target, Headers(lines), body), NAMES)


def said(destination: Destination) -> str:
    """A destination in one line."""
    if isinstance(destination, OperationCall):
        return " ".join([repr(destination.operation), *(f"{k}={v}" for k, v in destination.labels.items() if v)])
    if isinstance(destination, Unknown):
        return f"unknown {destination.service} {destination.name}".rstrip()
    return " ".join([destination.name, *(f"{k}={v}" for k, v in destination.parts.items() if v)])


FORM = {"content_type": "application/x-www-form-urlencoded; charset=utf-8"}


@pytest.mark.parametrize(
    ("target", "more", "expected"),
    [
        ("/", {"x_amz_target": "DynamoDB_20120810.PutItem", "scope": "s3"}, "dynamodb:PutItem"),
        ("/", {"x_amz_target": "DynamoDBStreams_20120810.GetRecords"}, "dynamodbstreams:GetRecords"),
        ("/", {"x_amz_target": "AWSCognitoIdentityService.GetId"}, "cognito-identity:GetId"),
        ("/", {"x_amz_target": "AWSCognitoIdentityProviderService.Nope"}, "unknown cognito-idp Nope"),
        ("/", {"x_amz_target": "AmazonSQS.ListQueues"}, "unknown None AmazonSQS.ListQueues"),
        ("/", {"method": "POST", "scope": "ec2"}, "unknown None ec2"),
        ("/", {"method": "POST", "content_type": "application/x-amz-json-1.1"}, "unknown cognito-idp"),
        (
            "/",
            {"method": "POST", "scope": "sts", "body": b"Action=GetCallerIdentity", **FORM},
            "sts:GetCallerIdentity",
        ),
        ("/?Action=GetCallerIdentity&Version=2011-06-15", {}, "sts:GetCallerIdentity"),
        (
            "/",
            {"method": "POST", "body": b"Action=AssumeRoleWithWebIdentity&Version=2011-06-15", **FORM},
            "sts:AssumeRoleWithWebIdentity",
        ),
        ("/", {"method": "POST", "scope": "iam", "body": b"Action=Nope", **FORM}, "unknown iam Nope"),
        (
            "/2015-03-31/functions/arn%3Aaws%3Alambda%3Af/invocations",
            {"method": "POST", "scope": "lambda"},
            "lambda:Invoke FunctionName=arn:aws:lambda:f",
        ),
        ("/2015-03-31/functions/", {}, "lambda:ListFunctions"),
        ("/2015-03-31/functions", {"scope": "lambda"}, "lambda:ListFunctions"),
        ("/v1/apis", {"scope": "appsync"}, "appsync:ListGraphqlApis"),
        ("/v1/apis", {"scope": "s3"}, "s3:GetObject Bucket=v1 Key=apis"),
        ("/v1/tags/arn%3Aaws%3A%2Fx", {"scope": "appsync"}, "appsync:ListTagsForResource resourceArn=arn:aws:/x"),
        (
            "/v1/apps/a/events",
            {"method": "POST", "scope": "mobiletargeting"},
            "pinpoint:PutEvents application-id=a",
        ),
        ("/v1/apps", {"host": "pinpoint.us-east-1.amazonaws.com"}, "pinpoint:GetApps"),
        ("/graphql", {"method": "POST"}, "appsync.graphql"),
        ("/graphql", {"method": "POST", "scope": "appsync"}, "appsync.graphql"),
        ("/graphql/abc123", {"method": "POST"}, "appsync.graphql api_id=abc123"),
        ("/graphql", {"host": "abc.appsync-api.us-east-1.amazonaws.com"}, "appsync.graphql api_id=abc"),
        ("/ping", {}, "appsync.ping"),
        (
            "/us-east-1_Ab1/.well-known/jwks.json",
            {},
            "cognito_idp.well_known user_pool_id=us-east-1_Ab1 document=jwks.json",
        ),
        ("/oauth2/token", {"method": "POST"}, "cognito_idp.hosted_ui path=/oauth2/token"),
        ("/login?client_id=a", {}, "cognito_idp.hosted_ui path=/login"),
        ("/x", {"host": "d.auth.us-east-1.amazoncognito.com"}, "cognito_idp.hosted_ui domain=d path=/x"),
        ("/", {"host": "login.example.com"}, "cognito_idp.hosted_ui domain=login.example.com path=/"),
        ("/_habitr/hosted/d/login", {}, "cognito_idp.hosted_ui domain=d path=/login"),
        ("/_habitr/inbox?to=a", {}, "admin path=/inbox"),
        ("/health", {}, "admin path=/health"),
        ("/health", {"scope": "s3"}, "s3:ListObjects Bucket=health"),
        ("/dev/user/a%2Fb", {}, "apigateway.execute_api stage=dev path=/user/a%2Fb"),
        ("/dev", {}, "apigateway.execute_api stage=dev path=/"),
        ("/dev/x", {"scope": "s3"}, "s3:GetObject Bucket=dev Key=x"),
        ("/restapis/a1/dev/_user_request_/x", {}, "apigateway.execute_api api_id=a1 stage=dev path=/x"),
        (
            "/prod/x",
            {"host": "a1.execute-api.us-east-1.amazonaws.com"},
            "apigateway.execute_api api_id=a1 stage=prod path=/x",
        ),
        ("/prod/x", {"scope": "execute-api"}, "apigateway.execute_api stage=prod path=/x"),
    ],
)
def test_a_request_goes_to(target: str, more: dict[str, str], expected: str) -> None:
    found = sent(target, **more)  # type: ignore[arg-type]
    assert said(found) == expected


@pytest.mark.parametrize(
    ("method", "target", "expected"),
    [
        ("GET", "/", "s3:ListBuckets"),
        ("PUT", "/b", "s3:CreateBucket Bucket=b"),
        ("HEAD", "/b/", "s3:HeadBucket Bucket=b"),
        ("GET", "/b?list-type=2&prefix=a", "s3:ListObjectsV2 Bucket=b"),
        ("GET", "/b?prefix=a", "s3:ListObjects Bucket=b"),
        ("GET", "/b?uploads", "s3:ListMultipartUploads Bucket=b"),
        ("GET", "/b?analytics&id=1", "s3:GetBucketAnalyticsConfiguration Bucket=b"),
        ("GET", "/b?analytics", "s3:ListBucketAnalyticsConfigurations Bucket=b"),
        ("POST", "/b/?delete=", "s3:DeleteObjects Bucket=b"),
        ("GET", "/b/a//b/%2E./c%2520+%C3%BC/", "s3:GetObject Bucket=b Key=a//b/../c%20+ü/"),
        ("GET", "/b/k?x-id=GetObject&foo=bar&partNumber=1", "s3:GetObject Bucket=b Key=k"),
        ("PUT", "/b/k?partNumber=1&uploadId=u&x-id=UploadPart", "s3:UploadPart Bucket=b Key=k"),
        ("POST", "/b/k?uploads", "s3:CreateMultipartUpload Bucket=b Key=k"),
        ("POST", "/b/k?uploadId=u", "s3:CompleteMultipartUpload Bucket=b Key=k"),
        ("DELETE", "/b/k?uploadId=u", "s3:AbortMultipartUpload Bucket=b Key=k"),
        ("GET", "/b/k?uploadId=u&max-parts=2", "s3:ListParts Bucket=b Key=k"),
        ("PUT", "/b/k?tagging", "s3:PutObjectTagging Bucket=b Key=k"),
        ("PUT", "/b?lifecycle", "s3:PutBucketLifecycleConfiguration Bucket=b"),
        ("GET", "/b/k?attributes", "s3:GetObjectAttributes Bucket=b Key=k"),
        ("PUT", "/b/k?torrent", "unknown s3 torrent"),
        ("PUT", "/b/k?versions", "unknown s3 versions"),
        ("PATCH", "/b/k", "unknown s3"),
    ],
)
def test_an_s3_request_is_told_by_method_key_and_sub_resources(method: str, target: str, expected: str) -> None:
    assert said(sent(target, method, "s3")) == expected


def test_the_copy_source_tells_a_copy_from_an_upload() -> None:
    assert said(sent("/b/k", "PUT", x_amz_copy_source="b/x")) == "s3:CopyObject Bucket=b Key=k"
    part = sent("/b/k?partNumber=1&uploadId=u", "PUT", x_amz_copy_source="b/x")
    assert said(part) == "s3:UploadPartCopy Bucket=b Key=k"


@pytest.mark.parametrize(
    ("host", "bucket"),
    [
        ("pics.localhost:4566", "pics"),
        ("a.b.s3.localhost:4566", "a.b"),
        ("pics.mybox.lan", "pics"),
        ("pics.s3.amazonaws.com", "pics"),
        ("my.pics.s3.eu-west-1.amazonaws.com", "my.pics"),
        ("pics.s3-us-west-2.amazonaws.com", "pics"),
        ("pics.s3.dualstack.us-east-1.amazonaws.com", "pics"),
        ("pics.s3-accelerate.amazonaws.com", "pics"),
    ],
)
def test_the_bucket_may_stand_in_the_host(host: str, bucket: str) -> None:
    assert said(sent("/k/l", host=host)) == f"s3:GetObject Bucket={bucket} Key=k/l"


@pytest.mark.parametrize(
    "host", ["localhost:4566", "127.0.0.1", "[::1]:4566", "s3.us-east-1.amazonaws.com", "mybox.lan"]
)
def test_a_bare_host_is_path_style(host: str) -> None:
    assert said(sent("/b/k", host=host)) == "s3:GetObject Bucket=b Key=k"


def test_a_browser_upload_is_a_form_sent_to_a_bucket() -> None:
    found = sent("/b", "POST", content_type="multipart/form-data; boundary=x")
    assert found == Endpoint("s3.post_object", {"Bucket": "b"})


def test_the_scope_is_also_read_from_a_presigned_url() -> None:
    credential = "X-Amz-Credential=AK%2F20261121%2Fus-east-1%2Fs3%2Faws4_request"
    assert said(sent(f"/dev/x?X-Amz-Algorithm=AWS4-HMAC-SHA256&{credential}")) == "s3:GetObject Bucket=dev Key=x"


def test_a_bare_post_to_a_bucket_is_a_form_and_a_signed_one_is_not() -> None:
    bare = Request("POST", "/bucket", Headers([("host", "localhost:4566")]))
    assert detect(bare, Names()) == Endpoint("s3.post_object", {"Bucket": "bucket"})
    signed = Request("POST", "/bucket", Headers([("host", "localhost:4566"), ("authorization", "AWS AK:x")]))
    assert isinstance(detect(signed, Names()), Unknown)
    delete = detect(Request("POST", "/bucket?delete", Headers([("host", "localhost:4566")])), Names())
    assert isinstance(delete, OperationCall)
    assert delete.operation.name == "DeleteObjects"


def test_an_unknown_target_is_unknown_to_the_service_it_was_signed_for() -> None:
    assert said(sent("/", "POST", "dynamodb", x_amz_target="DynamoDB_20111205.ListTables")).startswith(
        "unknown dynamodb "
    )
    assert said(sent("/", "POST", x_amz_target="Nobody.Knows")).startswith("unknown None ")
