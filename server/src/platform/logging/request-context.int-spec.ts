import { Body, Controller, Module, Post } from '@nestjs/common';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { z } from 'zod';
import { call } from '../../../test/http.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { Public } from '../../identity/access/access.decorators.js';
import { SystemWork } from '../database/unit-of-work.js';
import { currentRequestId } from './request-context.js';

@Public()
@Controller('test/request-id')
class TellRequestId {
  constructor(private readonly system: SystemWork) {}

  @Post()
  async tell(@Body({ schema: z.looseObject({}) }) _body: object): Promise<{ before?: string; after?: string }> {
    const before = currentRequestId();
    await this.system.sql('SELECT pg_sleep(0.01)');
    return { before, after: currentRequestId() };
  }
}
@Module({ controllers: [TellRequestId] })
class TellRequestIdModule {}

let t: TestApp;
beforeAll(async () => { t = await startTestApp({}, undefined, [TellRequestIdModule]); });
afterAll(() => t.close());

test('a handler knows its request by the id the caller got, however the body came and however long it waits', async () => {
  const form = new FormData();
  form.append('a', 'x'.repeat(200_000));
  const bodies = [undefined, {}, { a: 'x'.repeat(500_000) }, form, { a: 1 }, { a: 2 }, { a: 3 }];
  const answers = await Promise.all(bodies.map((body) => call(t, null, 'POST', '/test/request-id', body)));
  for (const { status, headers, body } of answers) {
    const id = headers.get('x-request-id');
    expect([status, id]).toEqual([201, expect.stringMatching(/^[0-9a-f-]{36}$/)]);
    expect(body).toEqual({ before: id, after: id });
  }
  expect(new Set(answers.map(({ headers }) => headers.get('x-request-id'))).size).toBe(bodies.length);
});
