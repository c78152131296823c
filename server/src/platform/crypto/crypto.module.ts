import { Global, Module, type DynamicModule } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Log } from '../logging/log.js';
import { KeyringConnection } from './keyring-connection.js';
import { Keyring } from './keyring.js';

/** The keys of this installation. */
@Global()
@Module({
  providers: [
    { provide: KeyringConnection, inject: [CONFIG, Log], useFactory: (config: Config, log: Log) => KeyringConnection.join(config, log) },
    { provide: Keyring, inject: [KeyringConnection], useFactory: (connection: KeyringConnection) => connection.keyring },
  ],
  exports: [Keyring],
})
export class CryptoModule {
  /** For what must run without any: a look at what is wrong, or an installation that is still to be restored. */
  static withoutKeys(): DynamicModule {
    return { module: NoKeys, global: true, providers: [{ provide: Keyring, useValue: new Keyring() }], exports: [Keyring] };
  }
}

class NoKeys {}
