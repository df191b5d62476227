// What APPSYNC_JS code finds: the modules @aws-appsync/utils and @aws-appsync/utils/dynamodb, and console.
// https://docs.aws.amazon.com/appsync/latest/devguide/resolver-util-reference-js.html
//
// QuickJS cannot call out while its time is limited. So a helper that lives in Python (the same that mapping
// templates use) stops the handler with what it asks; the handler is run again with the answers it has so far.
(() => {
  'use strict'
  const { parse, stringify } = JSON
  const ASK = Symbol('ask')
  const END = Symbol('end')
  let answers = []
  let asked = 0
  let effects = []

  const ask = (name, given) => {
    if (asked < answers.length) {
      const answer = answers[asked++]
      if ('e' in answer) throw new Error(answer.e)
      return answer.v
    }
    throw { [ASK]: [name, given] }
  }
  const effect = (name, given) => { effects.push([name, given]) }
  const end = (how, given) => { throw { [END]: [how, given] } }
  const each = (prefix, names) =>
    Object.fromEntries(names.split(' ').map((name) => [name, (...given) => ask(prefix + name, given)]))

  const util = {
    ...each('', 'autoId autoUlid autoKsuid authType matches urlEncode urlDecode base64Encode base64Decode escapeJavaScript'),
    error: (...given) => end('error', given),
    unauthorized: () => end('unauthorized', []),
    appendError: (...given) => effect('util.appendError', given),
    dynamodb: each('dynamodb.', 'toDynamoDB toString toStringSet toNumber toNumberSet toBinary toBinarySet toBoolean toNull ' +
      'toList toMap toMapValues toS3Object fromS3ObjectJson'),
    time: each('time.', 'nowISO8601 nowEpochSeconds nowEpochMilliSeconds nowFormatted parseFormattedToEpochMilliSeconds ' +
      'parseISO8601ToEpochMilliSeconds epochMilliSecondsToSeconds epochMilliSecondsToISO8601 epochMilliSecondsToFormatted'),
    transform: {
      ...each('transform.', 'toDynamoDBFilterExpression toDynamoDBConditionExpression toElasticsearchQueryDSL'),
      toSubscriptionFilter: (...given) => parse(ask('transform.toSubscriptionFilter', given)),
    },
    str: each('str.', 'toUpper toLower toReplace normalize'),
    math: each('math.', 'roundNum minVal maxVal randomDouble randomWithinRange'),
    list: each('list.', 'copyAndRetainAll copyAndRemoveAll sortList'),
    map: each('map.', 'copyAndRetainAllKeys copyAndRemoveAllKeys'),
    xml: each('xml.', 'toMap toJsonString'),
    http: {
      ...each('http.', 'copyHeaders'),
      addResponseHeader: (...given) => effect('util.http.addResponseHeader', given),
      addResponseHeaders: (...given) => effect('util.http.addResponseHeaders', given),
    },
  }
  const runtime = { earlyReturn: (value, options) => end('return', [value, options?.skipTo ?? null]) }
  const extensions = Object.fromEntries(
    'setSubscriptionFilter setSubscriptionInvalidationFilter invalidateSubscriptions evictFromApiCache'
      .split(' ').map((name) => [name, (...given) => effect('extensions.' + name, given)]))

  // ---- @aws-appsync/utils/dynamodb
  const present = (members) => Object.fromEntries(Object.entries(members).filter(([, value]) => value != null))
  const values = (value) => (value == null ? undefined : util.dynamodb.toMapValues(value))
  const expression = (filter) => (filter == null ? undefined : parse(util.transform.toDynamoDBFilterExpression(filter)))
  const condition = (given) => expression(given)
  const projected = (names) => names == null ? undefined : {
    expression: names.map((_, at) => `#projection_${at}`).join(', '),
    expressionNames: Object.fromEntries(names.map((name, at) => [`#projection_${at}`, name])),
  }
  const OPERATION = Symbol('operation')
  const operation = (kind) => (...given) => ({ [OPERATION]: kind, given })
  const operations = {
    add: operation('set'),
    replace: operation('set'),
    remove: operation('remove'),
    increment: operation('increment'),
    decrement: operation('decrement'),
    append: operation('append'),
    prepend: operation('prepend'),
    updateListItem: operation('item'),
  }
  const hasOperations = (value) => value != null && typeof value === 'object' && !Array.isArray(value) &&
    (value[OPERATION] !== undefined || Object.values(value).some(hasOperations))

  const updateExpression = (changes) => {
    const names = {}
    const held = {}
    const sets = []
    const removed = []
    const hold = (value) => {
      const name = `:value_${Object.keys(held).length}`
      held[name] = util.dynamodb.toDynamoDB(value)
      return name
    }
    const change = (path, value) => {
      if (value === undefined) return
      if (value === null || value[OPERATION] === undefined) {
        if (hasOperations(value)) return walk(value, `${path}.`)
        return void sets.push(`${path} = ${hold(value)}`)
      }
      const [first, second] = value.given
      const by = first ?? 1
      const list = () => `if_not_exists(${path}, ${hold([])})`
      switch (value[OPERATION]) {
        case 'remove': return void removed.push(path)
        case 'increment': return void sets.push(`${path} = if_not_exists(${path}, ${hold(0)}) + ${hold(by)}`)
        case 'decrement': return void sets.push(`${path} = if_not_exists(${path}, ${hold(0)}) - ${hold(by)}`)
        case 'append': return void sets.push(`${path} = list_append(${list()}, ${hold(first)})`)
        case 'prepend': return void sets.push(`${path} = list_append(${hold(first)}, ${list()})`)
        case 'item': return void sets.push(`${path}[${second}] = ${hold(first)}`)
        default: return void sets.push(`${path} = ${hold(first)}`)
      }
    }
    const walk = (members, prefix) => {
      for (const [member, value] of Object.entries(members)) {
        if (value === undefined) continue
        const name = `#name_${Object.keys(names).length}`
        names[name] = member
        change(prefix + name, value)
      }
    }
    walk(changes, '')
    const parts = [sets.length && `SET ${sets.join(', ')}`, removed.length && `REMOVE ${removed.join(', ')}`]
    return present({
      expression: parts.filter(Boolean).join(' '),
      expressionNames: names,
      expressionValues: Object.keys(held).length ? held : undefined,
    })
  }
  const written = ({ key, condition: given, customPartitionKey, populateIndexFields, _version }) => present({
    key: values(key), condition: condition(given), customPartitionKey, populateIndexFields, _version,
  })
  const page = ({ index, limit, nextToken, consistentRead, select, filter, projection }) => present({
    index, limit, nextToken, consistentRead, select, filter: expression(filter), projection: projected(projection),
  })
  const tables = (given, read) =>
    Object.fromEntries(Object.entries(given.tables).map(([name, told]) => [name, read(told)]))
  const dynamodb = {
    operations,
    get: ({ key, consistentRead, projection }) =>
      present({ operation: 'GetItem', key: values(key), consistentRead, projection: projected(projection) }),
    put: (given) => ({ operation: 'PutItem', ...written(given), attributeValues: values(given.item) }),
    update: (given) => ({ operation: 'UpdateItem', ...written(given), update: updateExpression(given.update) }),
    remove: (given) => ({ operation: 'DeleteItem', ...written(given) }),
    query: (given) => present({
      operation: 'Query', query: expression(given.query), scanIndexForward: given.scanIndexForward, ...page(given),
    }),
    scan: (given) =>
      present({ operation: 'Scan', totalSegments: given.totalSegments, segment: given.segment, ...page(given) }),
    sync: ({ basePartitionKey, deltaIndexName, limit, nextToken, lastSync, filter }) => present({
      operation: 'Sync', basePartitionKey, deltaIndexName, limit, nextToken, lastSync, filter: expression(filter),
    }),
    batchGet: (given) => ({
      operation: 'BatchGetItem',
      tables: tables(given, ({ keys, consistentRead, projection }) =>
        present({ keys: keys.map(values), consistentRead, projection: projected(projection) })),
    }),
    batchPut: (given) => ({ operation: 'BatchPutItem', tables: tables(given, (items) => items.map(values)) }),
    batchDelete: (given) => ({ operation: 'BatchDeleteItem', tables: tables(given, (keys) => keys.map(values)) }),
    transactGet: ({ items }) => ({
      operation: 'TransactGetItems',
      transactItems: items.map(({ table, key, projection }) =>
        present({ table, key: values(key), projection: projected(projection) })),
    }),
    transactWrite: ({ items }) => ({ operation: 'TransactWriteItems', transactItems: items.map(transactItem) }),
  }
  const transactItem = (item) => {
    const [kind, given] = Object.entries(item).find(([name]) => name !== 'table')
    const { condition: wanted, ...rest } = given
    const more = wanted == null ? {} : { condition: { ...condition(wanted), ...present({ returnValuesOnConditionCheckFailure: given.returnValuesOnConditionCheckFailure }) } }
    const table = given.table ?? item.table
    if (kind === 'putItem') {
      return { table, operation: 'PutItem', key: values(rest.key), attributeValues: values(rest.item), ...more }
    }
    if (kind === 'updateItem') {
      return { table, operation: 'UpdateItem', key: values(rest.key), update: updateExpression(rest.update), ...more }
    }
    const operation = kind === 'deleteItem' ? 'DeleteItem' : 'ConditionCheck'
    return { table, operation, key: values(rest.key), ...more }
  }

  // ---- what the emulator calls
  let handlers = {}
  globalThis.console = Object.fromEntries(
    ['log', 'info', 'warn', 'error', 'debug'].map((name) => [name, (...given) => effect('console.' + name, given)]))
  Math.random = () => ask('math.randomDouble', [])
  const modules = {
    '@aws-appsync/utils': { util, runtime, extensions },
    '@aws-appsync/utils/dynamodb': dynamodb,
  }
  const imported = (module, names) => {
    for (const name of names) {
      if (!(name in modules[module])) throw new SyntaxError(`The module '${module}' does not export ${name}`)
    }
    return modules[module]
  }
  const exported = (found) => { handlers = found }
  globalThis.__import = imported
  globalThis.__export = exported
  let failure = null
  globalThis.__watch = (loading) => { loading.catch((thrown) => { failure = { thrown } }) }
  // The module is run again for each call, so that nothing of one request is left for the next. It was run as a
  // module once, which refuses what is none; `factory` is the same text as a function.
  let factory
  globalThis.__loaded = (again) => {
    factory = again
    for (const name of ['__import', '__export', '__watch', '__loaded']) delete globalThis[name]
    if (failure?.thrown?.[ASK]) throw new Error(`${failure.thrown[ASK][0]} can only be called in a handler`)
    if (failure !== null) throw failure.thrown
    freeze()
  }
  globalThis.__call = (name, context, answered) => {
    factory(imported, exported)
    const handler = handlers[name]
    if (typeof handler !== 'function') return stringify({ missing: true })
    answers = parse(answered)
    asked = 0
    effects = []
    const ctx = parse(context)
    ctx.args = ctx.arguments
    const told = (outcome) => stringify({ ...outcome, effects, stash: ctx.stash, arguments: ctx.arguments })
    try {
      const value = handler(ctx)
      if (typeof value?.then === 'function') throw new TypeError('async functions are not supported')
      return told({ value })
    } catch (thrown) {
      if (thrown?.[ASK]) return stringify({ ask: thrown[ASK] })
      if (thrown?.[END]) return told({ end: thrown[END] })
      throw thrown
    }
  }

  // ---- what all calls share cannot be changed
  const { defineProperty, freeze: frozen, getOwnPropertyDescriptor, getPrototypeOf } = Object
  const { ownKeys } = Reflect
  // A frozen member of a prototype would keep objects from having one of that name: they get their own instead.
  const overridable = (prototype) => {
    for (const key of ownKeys(prototype)) {
      const { value, writable, enumerable } = getOwnPropertyDescriptor(prototype, key)
      if (!writable) continue
      defineProperty(prototype, key, {
        enumerable,
        configurable: false,
        get() { return value },
        set(own) {
          if (this === prototype) throw new TypeError(`${String(key)} is read-only`)
          defineProperty(this, key, { value: own, writable: true, enumerable: true, configurable: true })
        },
      })
    }
  }
  const freeze = () => {
    for (const { prototype } of [Object, Error, TypeError, RangeError, SyntaxError, ReferenceError]) overridable(prototype)
    const seen = new Set()
    const todo = [globalThis, modules, function* () {}, async () => {}, async function* () {}, [][Symbol.iterator](),
      new Map()[Symbol.iterator](), new Set()[Symbol.iterator](), ''[Symbol.iterator](), 'a'.matchAll(/a/g),
      Iterator.from({ next() {} }), [].values().map((one) => one)]
    while (todo.length) {
      const one = todo.pop()
      if (one === null || (typeof one !== 'object' && typeof one !== 'function') || seen.has(one)) continue
      seen.add(one)
      frozen(one)
      todo.push(getPrototypeOf(one))
      for (const key of ownKeys(one)) {
        const { value, get, set } = getOwnPropertyDescriptor(one, key)
        todo.push(value, get, set)
      }
    }
  }
  for (const name of ['Date', 'Promise', 'eval', 'Function', 'Proxy', 'Reflect', 'WeakRef', 'FinalizationRegistry',
    'Atomics', 'SharedArrayBuffer', 'performance', 'queueMicrotask', 'atob', 'btoa', 'DOMException']) {
    delete globalThis[name]
  }
})()
