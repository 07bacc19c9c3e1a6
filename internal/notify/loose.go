package notify

import (
	"context"
	"errors"
	"time"

	"xuncha/inventory"
	"xuncha/store"
)

// deliverLoose keeps what a full disk had no room for, or where it has none still,
// sends it as it is. One that is not taken is tried again with the next delivery, at
// the moment that is returned; zero where none is left.
func (o *Outbox) deliverLoose(ctx context.Context, m inventory.Messages, now time.Time) (next time.Time, err error) {
	o.mu.Lock()
	loose := o.loose
	o.mu.Unlock()
	if len(loose) == 0 {
		return time.Time{}, nil
	}
	err = o.put(nil, loose)
	if err == nil {
		o.drop(func(Message) bool { return true }, false)
	}
	if !errors.Is(err, store.ErrFull) {
		return time.Time{}, err
	}
	for _, message := range loose {
		to, known := channelNamed(m, message.Channel)
		if !known || !quietUntil(m, now).IsZero() && !message.Test {
			next = now.Add(firstRetry)
			continue
		}
		fault := o.sender.Send(ctx, to, message, false)
		if partly := (*PartlyError)(nil); errors.As(fault, &partly) {
			o.log.Warn("not everybody took a message", "channel", message.Channel, "title", message.Title, "error", partly)
			fault = nil
		}
		o.tried(message.Channel, fault)
		if fault != nil && !errors.Is(fault, ErrDoubt) {
			o.log.Warn("a message was not taken and will be sent again", "channel", message.Channel, "title", message.Title, "error", fault)
			next = now.Add(firstRetry)
			continue
		}
		o.drop(func(l Message) bool { return l.ID == message.ID }, true)
	}
	return next, nil
}

// drop takes loose messages away that were kept or sent.
func (o *Outbox) drop(which func(Message) bool, sent bool) {
	o.mu.Lock()
	defer o.mu.Unlock()
	var left []Message
	for _, m := range o.loose {
		if !which(m) {
			left = append(left, m)
		} else if sent {
			o.said[m.ID] = true
		}
	}
	o.loose = left
}
