import assert from 'node:assert/strict';
import { generateSync } from 'otplib';

/** Checks what Docker says about each running container against what docker-compose.yml promises. */
export async function inspectContainers(engine, ids) {
  const containers = JSON.parse(await engine.docker(['inspect', ...ids]));
  for (const { Id: id, Name: name, Config: config, HostConfig: host, NetworkSettings: network } of containers) {
    const user = await engine.docker(['exec', id, 'id', '-u']);
    assert.notEqual(user, '0', `${name} runs as root`);
    assert.equal(host.ReadonlyRootfs, true, `${name} can write its root file system`);
    assert.equal(host.Init, true, `${name} has no init`);
    assert.ok(host.Memory > 0, `${name} has no memory limit`);
    assert.deepEqual(host.LogConfig, { Type: 'json-file', Config: { 'max-file': '5', 'max-size': '10m' } });
    const published = Object.values(network.Ports).filter(Boolean).length;
    assert.equal(published > 0, config.Image === 'porchlight-proxy', `${name} publishes ${published} ports`);
  }
}

/** Checks what the proxy does with Porchlight's answers: compresses the API's, leaves pages as they are, adds and takes no security header. */
export async function inspectAnswers(url) {
  const page = await fetch(`${url}/app`, { headers: { 'accept-encoding': 'br' } });
  assert.match(page.headers.get('content-security-policy'), /frame-ancestors 'none'/);
  assert.equal(page.headers.get('x-frame-options'), 'DENY');
  for (const header of ['server', 'via', 'x-powered-by']) assert.equal(page.headers.get(header), null, header);
  const script = /src="(\/app\/assets\/[^"]+)"/.exec(await page.text())[1];
  const asset = await fetch(url + script, { headers: { 'accept-encoding': 'br' } });
  assert.deepEqual([asset.headers.get('content-encoding'), asset.headers.get('cache-control')], ['br', 'public, max-age=31536000, immutable']);
  const api = await fetch(`${url}/api/openapi.json`, { headers: { 'accept-encoding': 'gzip' } });
  assert.equal(api.headers.get('content-encoding'), 'gzip');
}

/** Signs in with both factors through the proxy, claiming another address; the session must show who really asked. */
export async function inspectAddress(url, { email, password, totpSecret }) {
  const claimed = '203.0.113.7';
  const ask = (path, headers, body) => fetch(url + path, { method: body ? 'POST' : 'GET', headers: { 'content-type': 'application/json', 'x-forwarded-for': claimed, ...headers }, body: body && JSON.stringify(body) });
  const { mfa_token } = await (await ask('/auth/sign_in', {}, { email, password })).json();
  const signedIn = await ask('/auth/sign_in', {}, { mfa_token, otp_code: generateSync({ secret: totpSecret }) });
  assert.equal(signedIn.status, 200);
  const session = Object.fromEntries(['access-token', 'client', 'uid'].map((name) => [name, signedIn.headers.get(name)]));
  const { payload } = await (await ask('/api/v1/profile/sessions', session)).json();
  const { ip_address } = payload.find(({ current }) => current);
  assert.ok(ip_address && ip_address !== claimed, `the server believes a header of the visitor: ${ip_address}`);
}

/** Megabytes of memory in use by every container, by service: what the kernel counts, without the page cache it would give back. */
export async function memoryInUse(engine, ids) {
  const lines = (await engine.docker(['stats', '--no-stream', '--format', '{{.Name}} {{.MemUsage}}', ...ids])).split('\n');
  const units = { KiB: 1 / 1024, MiB: 1, GiB: 1024 };
  return Object.fromEntries(lines.map((line) => {
    const [, name, number, unit] = /^(\S+) ([\d.]+)(\w+) /.exec(line);
    return [/(?:^|[-_])(caddy|web|worker|postgres|redis)[-_]\d+$/.exec(name)[1], Number(number) * units[unit]];
  }));
}
