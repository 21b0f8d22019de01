import { expect, it } from 'vitest'
import { workingFolder } from './working-folder'

const npm = { npm_lifecycle_event: 'camelot', npm_package_json: '/checkout/package.json', INIT_CWD: '/home/anna' }

it.each([
  ['started by npm', npm, '/checkout', '/home/anna'],
  ['started directly', {}, '/home/anna', '/home/anna'],
  ['started by something that npm started', { ...npm, npm_lifecycle_event: 'test' }, '/checkout', '/checkout'],
  ['started by a script that moved on', npm, '/elsewhere', '/elsewhere'],
])('%s', (_, environment, current, expected) => expect(workingFolder(environment, current)).toBe(expected))
