import { expect, test } from 'vitest'
import { checkArchive, isPublic } from '../../src/security/archive-hosts.ts'

const policy = (...hosts: string[]) => ({ archives: { hosts } })
const resolving =
  (...addresses: string[]) =>
  async () =>
    addresses

test.each([
  ['10.1.2.3', false],
  ['127.0.0.1', false],
  ['169.254.169.254', false],
  ['100.64.0.1', false],
  ['172.31.255.255', false],
  ['192.168.0.1', false],
  ['0.0.0.0', false],
  ['239.1.1.1', false],
  ['255.255.255.255', false],
  ['::1', false],
  ['::', false],
  ['fe80::1', false],
  ['fc00::1', false],
  ['::ffff:10.1.2.3', false],
  ['::ffff:a9fe:a9fe', false],
  ['64:ff9b::a01:203', false],
  ['2002:a01:203::1', false],
  ['2001:db8::1', false],
  ['93.184.215.14', true],
  ['::ffff:93.184.215.14', true],
  ['2606:2800:21f:cb07:6820:80da:af6b:8b2c', true],
])('%s is public: %s', (address, expected) => expect(isPublic(address)).toBe(expected))

test('an archive is taken from a name whose addresses are all public', async () => {
  await checkArchive(policy(), 'https://example.com/a.tgz', resolving('93.184.215.14', '2606:2800:21f::1'))
})

test.each([
  ['https://rebind.example/a.tgz', 'is in a private network'],
  ['https://10.0.0.1/a.tgz', 'Use a host name instead of the IP address {host}.'],
  ['https://[::ffff:10.0.0.1]/a.tgz', 'Use a host name instead of the IP address {host}.'],
  ['https://0x7f.1/a.tgz', 'Use a host name instead of the IP address {host}.'],
  ['https://2130706433/a.tgz', 'Use a host name instead of the IP address {host}.'],
  ['ftp://example.com/a.tgz', 'begin with http or https'],
  ['https://bea:secret@example.com/a.tgz', 'The archive URL must begin with http or https and must not contain a password.'],
])('%s is refused: %s', async (address, sentence) => {
  const refusal = checkArchive(policy(), address, resolving('93.184.215.14', '10.0.0.1'))
  await expect(refusal).rejects.toMatchObject({ code: 'invalid', sentence: { message: expect.stringContaining(sentence) } })
})

test('a name that leads nowhere is refused', async () => {
  const refusal = checkArchive(policy(), 'https://nowhere.example/a.tgz', resolving())
  await expect(refusal).rejects.toMatchObject({ sentence: { message: 'Host {host} not found.' } })
})

test('behind a proxy that alone can resolve names, the sentence says so, and the policy decides', async () => {
  const unknown = async () => {
    throw new Error('the name service does not answer')
  }
  for (const resolve of [resolving(), unknown])
    await expect(checkArchive(policy(), 'https://github.example/a.tgz', resolve, true)).rejects.toMatchObject({
      sentence: { message: expect.stringContaining('from behind its proxy') },
    })
  await checkArchive(policy('github.example'), 'https://github.example/a.tgz', unknown, true)
  await expect(checkArchive(policy(), 'https://github.example/a.tgz', resolving('10.0.0.1'), true)).rejects.toMatchObject({
    sentence: { message: expect.stringContaining('is in a private network') },
  })
})

test('the policy lets private hosts through, and not their look-alikes', async () => {
  const hosts = policy('*.corp.example')
  await checkArchive(hosts, 'https://Files.CORP.example/a.tgz', resolving('10.0.0.1'))
  for (const host of ['files.corp.example.evil.test', 'filesXcorp.example', 'corp.example']) {
    await expect(checkArchive(hosts, `https://${host}/a.tgz`, resolving('10.0.0.1'))).rejects.toMatchObject({ code: 'invalid' })
  }
})
