import { ApiTokens } from '../src/identity/api-tokens/api-tokens.repository.js';
import { SystemWork } from '../src/platform/database/unit-of-work.js';
import type { Person } from './factories.js';
import type { TestApp } from './test-app.js';

/** A program of the operator, as `npm run setup -- create-platform-app` lets it in. */
export async function makePlatformApp(t: TestApp): Promise<Person> {
  const { id, token } = await t.app.get(SystemWork).run(async (tx) => {
    const app = await tx.one<{ id: number }>(`INSERT INTO platform_apps (name) VALUES ('Portal') RETURNING id`);
    return { id: app!.id, token: await t.app.get(ApiTokens).replaceOfMachine(tx, 'PlatformApp', app!.id) };
  });
  return { id, email: '', name: 'Portal', token, headers: { api_access_token: token } };
}
