package carillon.courier;

import carillon.outbox.Carried;

/// Sends in the way of one type of processor, once.
interface Sender {
    Carried send(Parcel parcel) throws InterruptedException;
}
