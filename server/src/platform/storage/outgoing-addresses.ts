import { Inject, Injectable } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { publicUrl } from '../config/public-url.js';
import { FileAddresses } from './file-addresses.js';
import { withAddresses } from './own-addresses.js';

/** Makes addresses whole in what leaves by itself and not as the answer to somebody: webhooks, bots, the cable. Only the settings say what our origin is there. */
@Injectable()
export class OutgoingAddresses {
  private readonly origin: string;

  constructor(private readonly files: FileAddresses, @Inject(CONFIG) config: Config) {
    this.origin = publicUrl(config);
  }

  /** For what leaves now and was made now. */
  whole<T>(thing: T): T {
    return withAddresses(thing, (path) => this.origin + path);
  }

  /** For JSON text of this account that was made some time ago: its files' addresses work from now on as long as any. Other text stays as it is. */
  renewed(text: string, accountId: number): string {
    try {
      return JSON.stringify(withAddresses(JSON.parse(text), (path) => this.origin + this.files.renewed(path, accountId)));
    } catch (error) {
      if (error instanceof SyntaxError) return text;
      throw error;
    }
  }
}
