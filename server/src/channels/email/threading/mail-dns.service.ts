import { Inject, Injectable } from '@nestjs/common';
import { Resolver } from 'node:dns/promises';
import { CONFIG, type Config } from '../../../platform/config/config.js';

/** Looks up what domains publish about their mail. */
@Injectable()
export class MailDns {
  private readonly resolver = new Resolver({ timeout: 2_000, tries: 2 });

  constructor(@Inject(CONFIG) config: Config) {
    if (config.DNS_SERVERS.length > 0) this.resolver.setServers([...config.DNS_SERVERS]);
  }

  resolve(name: string, type: string): Promise<unknown> {
    return this.resolver.resolve(name, type);
  }
}
