import { Module } from '@nestjs/common';
import { OutboundHttpModule } from '../../platform/outbound-http/outbound-http.module.js';
import { BackupModule } from '../backup/backup.module.js';
import { DoctorRepository } from './doctor.repository.js';
import { Doctor } from './doctor.service.js';

/** Says what is wrong with an installation and what to do about it. */
@Module({ imports: [BackupModule, OutboundHttpModule], providers: [Doctor, DoctorRepository], exports: [Doctor] })
export class DoctorModule {}
