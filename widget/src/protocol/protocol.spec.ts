import { describe, expect, test } from '@jest/globals';
import { comesFrom, readFrameMessage, readHostMessage, seal } from './protocol';

const page = { url: 'https://shop.example/', title: 'Shop', referrer: '' };

describe('messages between host page and chat', () => {
  test('what one side seals the other reads', () => {
    const init = { type: 'init', settings: { locale: 'de' }, page, open: true, kept: {} } as const;
    expect(readHostMessage(structuredClone(seal(init)))).toMatchObject(init);
    expect(readFrameMessage(structuredClone(seal({ type: 'unread', count: 3 })))).toMatchObject({ type: 'unread', count: 3 });
  });

  test.each([
    null, 'porchlight', 7, [], {}, { type: 'visibility', open: true, page }, { porchlight: 2, type: 'visibility', open: true, page },
    { porchlight: 1, type: 'visibility', open: 'yes', page }, { porchlight: 1, type: 'init', settings: null, page, kept: {} },
    { porchlight: 1, type: 'init', settings: {}, page }, { porchlight: 1, type: 'kept' }, { porchlight: 1, type: 'call', method: 'constructor', args: [] },
    { porchlight: 1, type: 'call', method: 'setUser' }, { porchlight: 1, type: 'close' },
  ])('the chat ignores %j', (data) => {
    expect(readHostMessage(data)).toBeNull();
  });

  test.each([
    undefined, { porchlight: 1 }, { porchlight: 1, type: 'call', method: 'setUser', args: [] }, { porchlight: 1, type: 'unread', count: '3' },
    { porchlight: 1, type: 'event', name: 'click', detail: null }, { porchlight: 1, type: 'keep', value: 'x' },
  ])('the host page ignores %j', (data) => {
    expect(readFrameMessage(data)).toBeNull();
  });

  test('only the expected window at the expected origin is heard', () => {
    const chat = {};
    expect(comesFrom({ origin: 'https://help.example', source: chat }, 'https://help.example', chat)).toBe(true);
    expect(comesFrom({ origin: 'https://evil.example', source: chat }, 'https://help.example', chat)).toBe(false);
    expect(comesFrom({ origin: 'https://help.example', source: {} }, 'https://help.example', chat)).toBe(false);
    expect(comesFrom({ origin: 'https://help.example', source: null }, 'https://help.example', null)).toBe(false);
  });
});
