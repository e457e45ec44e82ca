import { expect, test } from 'vitest'
import { isNoProxy, proxyChooser } from '../../src/core/network.ts'

const proxies = { HTTPS_PROXY: 'http://secure:1', HTTP_PROXY: 'http://plain:2' }

test('https goes through HTTPS_PROXY and http through HTTP_PROXY; neither stands in for the other', () => {
  const choose = proxyChooser(proxies)
  expect(choose(new URL('https://slack.com/api/'))).toBe('http://secure:1')
  expect(choose(new URL('http://quay.example.com'))).toBe('http://plain:2')
  expect(proxyChooser({ HTTP_PROXY: 'http://plain:2' })(new URL('https://slack.com'))).toBeUndefined()
  expect(proxyChooser({ HTTPS_PROXY: 'http://secure:1' })(new URL('http://quay.example.com'))).toBeUndefined()
})

test.each([
  ['quay.example.com', 'https://quay.example.com', true],
  ['quay.example.com', 'https://QUAY.example.com.', true],
  ['example.com', 'https://quay.example.com', true],
  ['.example.com', 'https://quay.example.com', true],
  ['.example.com', 'https://example.com', true],
  ['*.example.com', 'https://quay.example.com', true],
  ['*.example.com', 'https://example.com', false],
  ['example.com', 'https://badexample.com', false],
  ['quay:8443', 'https://quay:8443', true],
  ['quay:8443', 'https://quay', false],
  ['quay:443', 'https://quay', true],
  ['quay:80', 'http://quay', true],
  ['10.0.0.0/8', 'https://10.1.2.3', true],
  ['10.0.0.0/8', 'https://11.1.2.3', false],
  ['10.1.2.3', 'https://10.1.2.3', true],
  ['10.1.2.3', 'https://10.1.2.30', false],
  ['2.3', 'https://10.1.2.3', false],
  ['fd00::/8', 'https://[fd12::1]', true],
  ['::1', 'https://[::1]:8443', true],
  ['[::1]:443', 'https://[::1]:8443', false],
  ['[::1]:8443', 'https://[::1]:8443', true],
  ['a.example, b.example\tc.example', 'https://c.example', true],
  ['none, *', 'https://slack.com', true],
  ['', 'https://slack.com', false],
])('NO_PROXY=%s and %s: directly is %s', (NO_PROXY, url, directly) => {
  expect(proxyChooser({ ...proxies, NO_PROXY })(new URL(url)) === undefined).toBe(directly)
  expect(isNoProxy(NO_PROXY)).toBe(true)
})
