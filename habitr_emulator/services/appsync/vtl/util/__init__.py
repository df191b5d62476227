"""``$util`` and ``$extensions``: each file is the namespace of its name.

https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference.html
"""

from habitr_emulator.services.appsync.vtl.util import (
    core,
    dynamodb,
    extensions,
    http,
    list,
    log,
    map,
    math,
    rds,
    str,
    time,
    transform,
    xml,
)
from habitr_emulator.services.appsync.vtl.values import Namespace

EXTENSIONS = Namespace({}, extensions.BOUND)
UTIL = Namespace(
    core.PURE,
    core.BOUND,
    {
        "dynamodb": Namespace(dynamodb.PURE),
        "http": Namespace(http.PURE, http.BOUND),
        "list": Namespace(list.PURE),
        "log": Namespace({}, log.BOUND),
        "map": Namespace(map.PURE),
        "math": Namespace(math.PURE, math.BOUND),
        "rds": Namespace(rds.PURE),
        "str": Namespace(str.PURE),
        "time": Namespace(time.PURE, time.BOUND),
        "transform": Namespace(transform.PURE),
        "xml": Namespace(xml.PURE),
    },
)
