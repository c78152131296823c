import { describe, expect, test } from '@jest/globals';
import { eventPacket, joinPacket, readPacket } from './packet';

const read = (text: string) => readPacket(text, '/visitor');

describe('socket.io packets', () => {
  test('what the client says', () => {
    expect(joinPacket('/visitor', { token: 'a' })).toBe('40/visitor,{"token":"a"}');
    expect(eventPacket('/visitor', 'typing', { on: true })).toBe('42/visitor,["typing",{"on":true}]');
  });

  test('what the server says', () => {
    expect(read('0{"sid":"s","upgrades":[],"pingInterval":25000,"pingTimeout":20000,"maxPayload":1000000}')).toEqual({ kind: 'open', sid: 's', silence: 45_000 });
    expect(read('2')).toEqual({ kind: 'ping' });
    expect(read('40/visitor,{"sid":"t"}')).toEqual({ kind: 'connected' });
    expect(read('44/visitor,{"message":"no"}')).toEqual({ kind: 'refused' });
    expect(read('41/visitor,')).toEqual({ kind: 'disconnected' });
    expect(read('42/visitor,["event",{"event":"message.created","data":{"content":"[{,"}}]'))
      .toEqual({ kind: 'event', name: 'event', data: { event: 'message.created', data: { content: '[{,' } } });
    expect(read('42/visitor,7["event"]')).toEqual({ kind: 'event', name: 'event', data: undefined });
  });

  test.each(['', '9', '42/agent,["event"]', '42["event"]', '42/visitor,[1]', '42/visitor,{broken', '0{', 'hello'])('%j is nothing', (text) => {
    expect(read(text)).toBeNull();
  });
});
