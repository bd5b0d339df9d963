'use strict'
const { existsSync } = require('node:fs')
const { join } = require('node:path')

/** Stands in for DCloud's module of this name, which is not on npm, and answers what its documentation says. */
module.exports = ({ pluginId }) => {
  const resolve = (name) => join(__dirname, pluginId, name)
  const requireFile = (name) => (existsSync(resolve(name)) ? require(resolve(name)) : undefined)
  return {
    resolve,
    requireFile,
    hasFile: (name) => existsSync(resolve(name)),
    config(path, fallback) {
      const content = requireFile('config.json') ?? {}
      if (!path) return content
      const value = path
        .split('.')
        .reduce((at, key) => (at === undefined || at === null ? undefined : at[key]), content)
      return value === undefined ? fallback : value
    },
  }
}
