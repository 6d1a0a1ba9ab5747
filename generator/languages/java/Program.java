import coc.ApiClient;
import coc.api.IncidentsApi;
import coc.model.IncidentDataInfo;
import coc.model.ListIncidentsRequestBody;
import coc.model.ListIncidentsResponseBodyData;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;

public class Program {
    public static void main(String[] arguments) throws Exception {
        ApiClient service = new ApiClient().setBasePath(System.getenv("COC_ENDPOINT"));
        service.addDefaultHeader("X-Auth-Token", System.getenv("COC_AUTH_TOKEN"));
        IncidentsApi incidents = new IncidentsApi(service);

        String page = Files.readString(Path.of(System.getenv("COC_EXAMPLE")));
        ListIncidentsResponseBodyData example = incidents.listIncidents(ListIncidentsRequestBody.fromJson(page)).getData();
        Set<String> ids = new HashSet<>();
        for (int number = 1; number <= 2; number++) {
            ListIncidentsRequestBody query = new ListIncidentsRequestBody().page(number).perPage(100);
            for (IncidentDataInfo ticket : incidents.listIncidents(query).getData().getTickets()) {
                ids.add(ticket.getTicketId());
            }
        }
        if (example.getTickets().isEmpty() || ids.size() != 200) {
            throw new IllegalStateException("wrong answer: " + ids.size() + " tickets on two pages");
        }
        System.out.println(example.getTotal() + " tickets like the example");
    }
}
