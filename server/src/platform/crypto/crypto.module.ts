import { Global, Module } from '@nestjs/common';
import { CONFIG, type Config } from '../config/config.js';
import { Keyring } from './keyring.js';

@Global()
@Module({ providers: [{ provide: Keyring, inject: [CONFIG], useFactory: (config: Config) => new Keyring(config.SECRET_KEY) }], exports: [Keyring] })
export class CryptoModule {}
