import { expect, onTestFinished } from 'vitest'
import { openDouble, type Service, type ServiceDouble } from './service-double.ts'

/** Starts a service on loopback, closed with the test, which fails when a request was not as published. */
export async function startDouble(service: Service): Promise<ServiceDouble> {
  const double = await openDouble(service)
  onTestFinished(() => {
    double.close()
    expect(double.violations).toEqual([])
  })
  return double
}
