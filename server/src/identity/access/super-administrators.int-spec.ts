import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { makePerson } from '../../../test/factories.js';
import { startTestApp, type TestApp } from '../../../test/test-app.js';
import { SystemWork } from '../../platform/database/unit-of-work.js';
import { SuperAdministrators } from './super-administrators.repository.js';

let t: TestApp;
beforeAll(async () => { t = await startTestApp(); });
afterAll(() => t.close());

test('of those whose right is taken at the same moment, whoever is last keeps it', async () => {
  const [system, repository] = [t.app.get(SystemWork), t.app.get(SuperAdministrators)];
  const ids = await Promise.all(Array.from({ length: 4 }, () => makePerson(t).then(({ id }) => id)));
  for (let round = 0; round < 5; round += 1) {
    for (const id of ids) await system.run((tx) => repository.add(tx, id));
    const removed = await Promise.all(ids.map((id) => system.run((tx) => repository.remove(tx, id))));
    expect(removed.filter((one) => !one)).toHaveLength(1);
  }
});
