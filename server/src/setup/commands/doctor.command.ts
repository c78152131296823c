import { Injectable } from '@nestjs/common';
import { Doctor } from '../../operations/doctor/doctor.service.js';
import type { Command, CommandResult } from '../command.js';

/** Wants nobody's leave: it tells of the machine and not of people, and is needed most when signing in does not work. */
@Injectable()
export class DoctorCommand implements Command {
  constructor(private readonly doctor: Doctor) {}

  async run(): Promise<CommandResult> {
    const findings = await this.doctor.examine();
    const count = (state: string): number => findings.filter((finding) => finding.state === state).length;
    const failed = count('fail') > 0;
    return {
      json: { ok: !failed, checks: findings.map(({ check, state, says, do: advice }) => ({ check, state, says, do: advice ?? null })) },
      lines: [
        ...findings.map(({ check, state, says, do: advice }) => `${state.padEnd(5)}${check.padEnd(14)}${says}${advice ? ` → ${advice}` : ''}`),
        '', `${count('ok')} ok, ${count('warn')} to look at, ${count('fail')} to repair now.`,
      ],
      failed,
    };
  }
}
