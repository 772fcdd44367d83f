package main

import (
	"fmt"

	"github.com/microsoft/kiota-abstractions-go/serialization"
	kiotajson "github.com/microsoft/kiota-serialization-json-go"
	"github.com/microsoftgraph/msgraph-sdk-go/models"
)

// graphNotification is a notification as a user of msgraph-sdk-go would have to
// read it. Its v1.0 models have none of the envelope, so this is written as its
// generated models are, without their backing store, and is no slower than one
// of them would be; what is in it are its own models.
type graphNotification struct {
	changeType, resource, resourceURL *string
	data                              []serialization.Parsable
}

func newGraphNotification(serialization.ParseNode) (serialization.Parsable, error) {
	return new(graphNotification), nil
}

func (n *graphNotification) Serialize(serialization.SerializationWriter) error { return nil }

func (n *graphNotification) GetFieldDeserializers() map[string]func(serialization.ParseNode) error {
	return map[string]func(serialization.ParseNode) error{
		"changeType":   textInto(&n.changeType),
		"resource":     textInto(&n.resource),
		"resourceUrl":  textInto(&n.resourceURL),
		"resourceData": n.readData,
	}
}

// readData has each entity made into what its @odata.type names.
func (n *graphNotification) readData(node serialization.ParseNode) error {
	list, err := node.GetCollectionOfObjectValues(models.CreateEntityFromDiscriminatorValue)
	if err == nil {
		n.data = list
		return nil
	}
	entity, err := node.GetObjectValue(models.CreateEntityFromDiscriminatorValue)
	n.data = []serialization.Parsable{entity}
	return err
}

func textInto(field **string) func(serialization.ParseNode) error {
	return func(node serialization.ParseNode) error {
		text, err := node.GetStringValue()
		*field = text
		return err
	}
}

// decodeByGraph is what resources.DecodeNotifications does, by msgraph-sdk-go.
func decodeByGraph(body []byte) ([]serialization.Parsable, error) {
	root, err := kiotajson.NewJsonParseNodeFactory().GetRootParseNode("application/json", body)
	if err != nil {
		return nil, fmt.Errorf("read the text: %w", err)
	}
	list, err := root.GetChildNode("value")
	if err != nil {
		return nil, fmt.Errorf("find the notifications: %w", err)
	}
	notifications, err := list.GetCollectionOfObjectValues(newGraphNotification)
	if err != nil {
		return nil, fmt.Errorf("make models: %w", err)
	}
	return notifications, nil
}
