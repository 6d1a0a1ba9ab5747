package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log"
	"net/http"
	"os"

	"incidents/client"
)

func main() {
	token := func(_ context.Context, request *http.Request) error {
		request.Header.Set("X-Auth-Token", os.Getenv("COC_AUTH_TOKEN"))
		return nil
	}
	service := must(client.NewClientWithResponses(os.Getenv("COC_ENDPOINT"), client.WithRequestEditorFn(token)))
	list := func(body client.ListIncidentsRequestBody) *client.ListIncidentsResponseBodyData {
		answer := must(service.ListIncidentsWithResponse(context.Background(), body))
		if answer.JSON200 == nil || answer.JSON200.Data == nil {
			log.Fatalf("%s: %s", answer.Status(), answer.Body)
		}
		return answer.JSON200.Data
	}

	var page client.ListIncidentsRequestBody
	check(json.Unmarshal(must(os.ReadFile(os.Getenv("COC_EXAMPLE"))), &page))
	example, ids, number, size := list(page), map[string]bool{}, int32(0), int32(100)
	for number = 1; number <= 2; number++ {
		for _, ticket := range *list(client.ListIncidentsRequestBody{Page: &number, PerPage: &size}).Tickets {
			ids[*ticket.TicketId] = true
		}
	}
	if len(*example.Tickets) == 0 || len(ids) != 200 {
		log.Fatalf("wrong answer: %d like the example, %d on two pages", len(*example.Tickets), len(ids))
	}
	fmt.Println(*example.Total, "tickets like the example")
}

func must[T any](value T, err error) T {
	check(err)
	return value
}

func check(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
