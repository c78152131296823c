import { Controller, Get } from '@nestjs/common';
import { z } from 'zod';
import { Public } from '../identity/access/access.decorators.js';
import { SystemWork } from '../platform/database/unit-of-work.js';
import { answers } from '../platform/http/answers.js';
import { VERSION } from '../platform/config/version.js';

const Alive = z.object({ status: z.literal('ok') });
const Version = z.object({ version: z.string(), timestamp: z.string(), queue_services: z.string(), data_services: z.string() });

/** Is this process alive, and is it of use. */
@Public()
@Controller()
export class HealthController {
  constructor(private readonly system: SystemWork) {}

  @Get('health')
  @answers(Alive)
  alive(): z.infer<typeof Alive> {
    return { status: 'ok' };
  }

  @Get('ready')
  @answers(Alive)
  async ready(): Promise<z.infer<typeof Alive>> {
    await this.system.sql('SELECT 1');
    return { status: 'ok' };
  }

  @Get('api')
  @answers(Version)
  async version(): Promise<z.infer<typeof Version>> {
    await this.system.sql('SELECT 1');
    return { version: VERSION, timestamp: new Date().toISOString(), queue_services: 'ok', data_services: 'ok' };
  }
}
