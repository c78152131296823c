import { expect, test } from '@jest/globals';
import { allowsHost, frameAncestorsOf, siteOf, sitesOf } from './allowed-domains.js';

test.each([
  ['example.org', 'example.org'], [' https://Example.org/shop?x ', 'example.org'], ['*.example.org', '*.example.org'], ['http://localhost:8080/', 'localhost:8080'], ['müller.de', 'xn--mller-kva.de'],
  ['192.168.1.5', '192.168.1.5'], ['[::1]:3000', '[::1]:3000'], ['', undefined], ['*', undefined], ["example.org; script-src 'unsafe-inline'", undefined], ['exam ple.org', undefined], ["'self'", undefined],
  ['a.*.org', undefined], ['https://', undefined], ['*.', undefined],
])('%j is the site %j', (given, site) => expect(siteOf(given)).toBe(site));

test('a list is read with commas and lines', () => {
  expect(sitesOf('https://a.org,\n*.b.org  c.org:8080, nonsense!')).toEqual(['a.org', '*.b.org', 'c.org:8080']);
  expect(sitesOf(null)).toEqual([]);
  expect(frameAncestorsOf(['a.org', 'c.org:8080'])).toEqual(['a.org:*', 'c.org:8080']);
});

test.each<[string, string, boolean]>([
  ['a.org', 'a.org', true], ['a.org', 'a.org:8443', true], ['a.org', 'A.ORG', true], ['a.org', 'b.a.org', false], ['a.org', 'evil-a.org', false], ['a.org', 'a.org.evil.net', false],
  ['*.a.org', 'x.a.org', true], ['*.a.org', 'x.y.a.org', true], ['*.a.org', 'a.org', false], ['*.a.org', 'xa.org', false], ['*.a.org', '.a.org', false],
  ['c.org:8080', 'c.org:8080', true], ['c.org:8080', 'c.org', false], ['a.org', '', false], ['', 'anybody.net', true],
])('sites %j, page %j: %s', (list, host, allowed) => expect(allowsHost(sitesOf(list), host)).toBe(allowed));
