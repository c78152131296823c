import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { call, eventually } from '../../test/http.js';
import { breaksRedis, RedisServer } from '../../test/redis-server.js';
import { startTestApp, type TestApp } from '../../test/test-app.js';
import { VERSION } from '../platform/config/version.js';
import { repositoryRoot } from '../platform/pages/repository-root.js';

describe('a process', () => {
  let t: TestApp;
  beforeAll(async () => { t = await startTestApp(); });
  afterAll(() => t.close());

  test('says that it is ready and which version it is', async () => {
    expect((await call(t, null, 'GET', '/ready')).body).toMatchObject({ status: 'ok', queue: 'ok' });
    expect((await call(t, null, 'GET', '/api')).body).toMatchObject({ version: expect.stringMatching(/^4\.\d+\.\d+$/), porchlight_version: VERSION, queue_services: 'ok', data_services: 'ok' });
  });

  test('tells Prometheus what it does', async () => {
    await call(t, null, 'GET', '/health');
    const lines = [
      /^porchlight_http_requests_total\{method="GET",route="\/health",status="2xx"\} \d+$/m, /^porchlight_relay_leading 1$/m, /^porchlight_events_undispatched 0$/m, /^porchlight_sockets\{of="agent"\} 0$/m,
      /^porchlight_queue_jobs\{lane="outside",state="waiting"\} 0$/m, /^porchlight_http_request_duration_seconds_bucket\{method="GET",route="\/health",le="\+Inf"\} \d+$/m,
      /^porchlight_http_request_duration_seconds_count\{method="GET",route="\/health"\} \d+$/m, /^porchlight_event_loop_delay_seconds\{quantile="0.99"\} [\d.e-]+$/m,
    ];
    // The relay leads only after a moment, and for a moment something may wait.
    await eventually('all of it is told', async () => {
      const { status, body, headers } = await call<string>(t, null, 'GET', '/metrics');
      expect([status, headers.get('content-type')]).toEqual([200, expect.stringContaining('text/plain')]);
      for (const line of lines) expect(body).toMatch(line);
      return true;
    });
  });

  test('has every number that the dashboard and the page about it name', async () => {
    const { body } = await call<string>(t, null, 'GET', '/metrics');
    const known = new Set([...body.matchAll(/^# TYPE (\w+)/gm)].map((match) => match[1]));
    for (const file of ['docker/grafana-dashboard.json', 'docs/monitoring.md']) {
      const named = [...readFileSync(join(repositoryRoot(), file), 'utf8').matchAll(/porchlight_\w+/g)].map((match) => match[0].replace(/_(bucket|sum|count)$/, ''));
      expect(named.length).toBeGreaterThan(10);
      expect([file, [...new Set(named)].filter((name) => !known.has(name))]).toEqual([file, []]);
    }
  });

  test('keeps its numbers from strangers', async () => {
    const guarded = await startTestApp({ METRICS_TOKEN: 'a-token-of-the-operator' }, t.database);
    expect((await call(guarded, null, 'GET', '/metrics')).status).toBe(404);
    expect((await call(guarded, null, 'GET', '/metrics', undefined, { authorization: 'Bearer a-token-of-the-operator' })).status).toBe(200);
    await guarded.stop();
    const elsewhere = await startTestApp({ METRICS_ALLOW: '10.1.0.0/16, ::1' }, t.database);
    expect((await call(elsewhere, null, 'GET', '/metrics')).status).toBe(404);
    expect((await call(elsewhere, null, 'GET', '/metrics', undefined, { 'x-forwarded-for': '10.1.2.3' })).status).toBe(200);
    await elsewhere.stop();
    const proxied = await startTestApp({ TRUST_PROXY: '192.0.2.1' }, t.database);
    expect((await call(proxied, null, 'GET', '/metrics', undefined, { 'x-forwarded-for': '10.1.2.3' })).status).toBe(404);
    expect((await call(proxied, null, 'GET', '/metrics')).status).toBe(200);
    await proxied.stop();
    expect((await call(t, null, 'GET', '/metrics', undefined, { 'x-forwarded-for': '8.8.8.8' })).status).toBe(404);
  });
});

(breaksRedis ? test : test.skip)('without its Redis a worker is not ready, while a process that only takes requests is', async () => {
  const redis = await RedisServer.start();
  const worker = await startTestApp({ REDIS_URL: redis.url });
  const api = await startTestApp({ REDIS_URL: redis.url, PROCESS_ROLES: 'api' }, worker.database);
  expect((await call(worker, null, 'GET', '/ready')).status).toBe(200);
  await redis.kill();
  await eventually('not ready', async () => (await call(worker, null, 'GET', '/ready')).status === 503);
  expect((await call(api, null, 'GET', '/ready')).body).toMatchObject({ status: 'ok', queue: 'away' });
  await redis.up();
  await eventually('ready again', async () => (await call(worker, null, 'GET', '/ready')).status === 200);
  await api.stop();
  await worker.close();
  await redis.stop();
});
