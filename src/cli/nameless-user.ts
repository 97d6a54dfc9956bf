import { userInfo } from 'node:os'

/**
 * In containers a user often has a number and no name: then nobody knows its home folder and shell unless the
 * environment says so, and libraries ask for them as soon as they are loaded. They get what container runtimes
 * give. To be imported before everything else.
 */
try {
  userInfo()
} catch {
  process.env['HOME'] ||= '/'
  process.env['SHELL'] ||= '/bin/sh'
}
