import { Inject, Injectable } from '@nestjs/common';
import { rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { CONFIG, type Config } from '../../platform/config/config.js';
import { publicUrl } from '../../platform/config/public-url.js';
import { Log } from '../../platform/logging/log.js';
import { installationLink } from '../invitations/links.js';
import { Installations } from './installation.service.js';

/** The link for the first administrator, while nobody exists: told by the process that starts, and kept for the start script in the data folder. */
@Injectable()
export class SetupLink {
  constructor(private readonly installations: Installations, private readonly log: Log, @Inject(CONFIG) private readonly config: Config) {}

  /** Makes a new link, or removes what is left of an old one. */
  async renew(): Promise<string | undefined> {
    const token = await this.installations.newSetupToken();
    if (token === undefined) {
      this.forget();
      return undefined;
    }
    try {
      writeFileSync(this.file, `${token}\n`, { mode: 0o600 });
    } catch (error) {
      this.log.warn('the link for the first administrator could not be kept in the data folder', { error });
    }
    return installationLink(publicUrl(this.config), token);
  }

  /** Somebody exists. */
  forget(): void {
    rmSync(this.file, { force: true });
  }

  private get file(): string {
    return join(this.config.DATA_DIR, 'setup-token');
  }
}
