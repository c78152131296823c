import type { z } from 'zod';
import { deviceName } from '../../identity/sessions/user-agent.js';
import { KINDS, type Device } from './device.dto.js';
import type { DeviceRow } from './devices.repository.js';

const seconds = (date: Date): number => Math.floor(date.getTime() / 1000);
const textOf = (value: unknown): string | null => (typeof value === 'string' && value.trim() !== '' ? value.slice(0, 100) : null);

/** A device as its person recognises it: phones say their names, browsers are known by their session. */
export function presentDevice(row: DeviceRow & { user_agent: string | null }): z.infer<typeof Device> {
  const { browser, platform } = deviceName(row.user_agent);
  return {
    id: row.id, subscription_type: KINDS[row.kind - 1]!, identifier: row.identifier, browser_name: textOf(row.attributes['deviceName']) ?? browser, platform_name: textOf(row.attributes['devicePlatform']) ?? platform,
    shows_text: row.attributes['shows_text'] === true, created_at: seconds(row.created_at), told_at: row.told_at && seconds(row.told_at),
  };
}
