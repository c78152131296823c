import { expect, test } from '@jest/globals';
import { WorkInOrder } from './work-in-order.js';

const tick = (): Promise<void> => new Promise((resolve) => { setImmediate(resolve); });
/** Works that end when told to, and which of them have begun. */
function works(places: number) {
  const work = new WorkInOrder(places);
  const begun: string[] = [];
  const ends = new Map<string, () => void>();
  return {
    work, begun, async end(name: string) { ends.get(name)!(); await tick(); },
    add: (name: string, ...keys: string[]) => work.add(keys, () => new Promise<void>((resolve) => { begun.push(name); ends.set(name, resolve); })),
  };
}

test('what has nothing to do with each other runs side by side, as far as there are places', async () => {
  const w = works(2);
  for (const name of ['a', 'b', 'c']) w.add(name, name);
  await tick();
  expect(w.begun).toEqual(['a', 'b']);
  await w.end('b');
  expect(w.begun).toEqual(['a', 'b', 'c']);
});

test('what shares a name keeps its order, and takes no place while it waits', async () => {
  const w = works(2);
  w.add('first', 'x');
  w.add('second', 'x');
  w.add('other', 'y');
  await tick();
  expect(w.begun).toEqual(['first', 'other']);
  await w.end('first');
  expect(w.begun).toEqual(['first', 'other', 'second']);
});

test('so does what is joined by a chain of names', async () => {
  const w = works(9);
  w.add('in the conversation', 'conversation', 'mail 1');
  w.add('answers that mail', 'mail 1', 'mail 2');
  w.add('in the same conversation by another name', 'conversation', 'mail 3');
  await tick();
  await w.end('in the conversation');
  expect(w.begun).toEqual(['in the conversation', 'answers that mail']);
  await w.end('answers that mail');
  await w.end('in the same conversation by another name');
  await w.work.done();
  expect(w.begun).toHaveLength(3);
});

test('what had to wait for a failure does not run, everything else does, and it is heard at the end', async () => {
  const work = new WorkInOrder(1);
  const ran: string[] = [];
  work.add(['x'], () => Promise.reject(new Error('broken')));
  work.add(['x'], async () => { ran.push('behind it'); });
  work.add(['y'], async () => { ran.push('other'); });
  await expect(work.done()).rejects.toThrow('broken');
  expect(ran).toEqual(['other']);
});
