import coc.apis.IncidentsApi
import coc.infrastructure.Serializer
import coc.models.ListIncidentsRequestBody
import java.io.File
import okhttp3.OkHttpClient

fun main() {
    val token = OkHttpClient.Builder().addInterceptor { chain ->
        chain.proceed(chain.request().newBuilder().header("X-Auth-Token", System.getenv("COC_AUTH_TOKEN")).build())
    }
    val incidents = IncidentsApi(System.getenv("COC_ENDPOINT"), token.build())
    val page = Serializer.moshi.adapter(ListIncidentsRequestBody::class.java)
    val example = incidents.listIncidents(page.fromJson(File(System.getenv("COC_EXAMPLE")).readText())).data!!
    val tickets = (1..2).flatMap { number ->
        incidents.listIncidents(ListIncidentsRequestBody(page = number, perPage = 100)).data!!.tickets!!
    }
    check(example.tickets!!.isNotEmpty()) { "nothing like the example" }
    check(tickets.map { it.ticketId }.toSet().size == 200) { "wrong answer: ${tickets.size} tickets on two pages" }
    println("${example.total} tickets like the example")
}
