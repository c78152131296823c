import { fail, ok, warn, type Finding } from './finding.js';

const NOTICEABLE_MS = 2_000;
/** A second factor's code lives half a minute, and links and leases are measured by two clocks. */
const HARMFUL_MS = 30_000;

/** Compares this machine's clock with another's, given what each said at about the same moment. */
export function judgeClock(check: string, whose: string, ours: number, theirs: number): Finding {
  const apart = Math.abs(ours - theirs);
  const says = `This machine and ${whose} are ${(apart / 1_000).toFixed(1)} s apart.`;
  const advice = 'Let both follow a time server (systemd-timesyncd, chrony).';
  return apart > HARMFUL_MS ? fail(check, says, advice) : apart > NOTICEABLE_MS ? warn(check, says, advice) : ok(check, says);
}
