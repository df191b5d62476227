"""The runtime APPSYNC_JS: JavaScript resolvers and functions, in QuickJS (the extra ``js``)."""
