import { syncBuiltinESMExports } from 'node:module'
import os from 'node:os'

/**
 * In containers a user often has a number and no name: then nobody knows its home folder and shell unless the
 * environment says so, and libraries ask for them as soon as they are loaded. They get what container runtimes
 * give. To be imported before everything else.
 */
if (fails(os.userInfo) || fails(os.homedir)) {
  const home = process.env['HOME'] || '/'
  process.env['HOME'] = home
  process.env['SHELL'] ||= '/bin/sh'
  // The runtime of the self-contained program reads the environment it was started with, not what was added.
  if (fails(os.homedir)) {
    os.homedir = () => home
    syncBuiltinESMExports()
  }
}

function fails(question: () => unknown): boolean {
  try {
    question()
    return false
  } catch {
    return true
  }
}
